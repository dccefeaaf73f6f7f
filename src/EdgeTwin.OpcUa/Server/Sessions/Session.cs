using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Services;
using EdgeTwin.OpcUa.Server.Users;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Sessions;

/// <summary>A client's session: who, over which connection, until when (OPC 10000-4 §5.7). What services keep per session hangs here.</summary>
internal sealed class Session
{
    /// <summary>The public id, in namespace 1; says nothing of the authentication token.</summary>
    public required NodeId SessionId { get; init; }

    /// <summary>The client's name for it, or one made by the server.</summary>
    public required string Name { get; init; }

    /// <summary>The application of the client.</summary>
    public required ApplicationDescription Client { get; init; }

    /// <summary>The endpoint's security mode; it does not change.</summary>
    public required MessageSecurityMode SecurityMode { get; init; }

    /// <summary>The endpoint's security policy; it does not change.</summary>
    public required string SecurityPolicyUri { get; init; }

    /// <summary>DER of the client's application certificate; empty without security.</summary>
    public byte[] ClientCertificate { get; init; } = [];

    /// <summary>Largest response that the client takes, in bytes; 0 when only the connection's limit counts.</summary>
    public uint MaxResponseMessageSize { get; init; }

    /// <summary>The connection that the session is bound to, replaced by an activation over another one.</summary>
    public IServerConnection? Connection { get; set; }

    /// <summary>Who it acts for since the last activation.</summary>
    public UserIdentity User { get; set; } = UserIdentity.Anonymous;

    /// <summary>The locales that the client prefers, best first.</summary>
    public IReadOnlyList<string> LocaleIds { get; set; } = [];

    /// <summary>True once activated.</summary>
    public bool IsActivated { get; set; }

    /// <summary>True once closed or timed out: nothing may be added to it any more.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Where its Browse calls go on.</summary>
    public ContinuationPointStore ContinuationPoints { get; } = new();
}
