using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using EdgeTwin.OpcUa.Server.Diagnostics;
using EdgeTwin.OpcUa.Server.Services;
using EdgeTwin.OpcUa.Server.Users;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Sessions;

/// <summary>A client's session: who, over which connection, until when (OPC 10000-4 §5.7). What services keep per
/// session hangs here.</summary>
/// <param name="maxAsyncRequests">Most requests that go on asynchronously at a time.</param>
internal sealed class Session(int maxAsyncRequests = 100)
{
    private const int LongestHistory = 20;

    private long lastContact;
    private string[] users = [];
    private int closed;

    /// <summary>The public id, in namespace 1; says nothing of the authentication token.</summary>
    public required NodeId SessionId { get; init; }

    /// <summary>The client's name for it, or one made by the server.</summary>
    public required string Name { get; init; }

    /// <summary>The application of the client.</summary>
    public required ApplicationDescription Client { get; init; }

    /// <summary>The endpoint's security mode; it does not change.</summary>
    public required MessageSecurityMode SecurityMode { get; init; }

    /// <summary>URI of the endpoint's security policy; it does not change.</summary>
    public required string SecurityPolicyUri { get; init; }

    /// <summary>The policy itself.</summary>
    public SecurityPolicy Policy => SecurityPolicy.ByUri(SecurityPolicyUri) ?? SecurityPolicy.None;

    /// <summary>DER of the client's application certificate; empty without security.</summary>
    public byte[] ClientCertificate { get; init; } = [];

    /// <summary>The URL that the client dialled; may be null.</summary>
    public string? EndpointUrl { get; init; }

    /// <summary>The server URI that the client asked for; may be null.</summary>
    public string? ServerUri { get; init; }

    /// <summary>Largest response that the client takes, in bytes; 0 when only the connection's limit counts.</summary>
    public uint MaxResponseMessageSize { get; init; }

    /// <summary>How long it lives without a request.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>When it was created, UTC.</summary>
    public DateTime ConnectedAt { get; init; }

    /// <summary>When the last request came, UTC.</summary>
    public DateTime LastContactAt { get; private set; }

    /// <summary>Monotonic time of the last request, in ticks of 100 ns.</summary>
    public long LastContact => Interlocked.Read(ref lastContact);

    /// <summary>The connection that the session is bound to, replaced by an activation over another one; null once it
    /// is lost.</summary>
    public IServerConnection? Connection { get; set; }

    /// <summary>Who it acts for since the last activation.</summary>
    public UserIdentity User { get; set; } = UserIdentity.Anonymous;

    /// <summary>The locales that the client prefers, best first.</summary>
    public IReadOnlyList<string> LocaleIds { get; set; } = [];

    /// <summary>True once activated.</summary>
    public bool IsActivated { get; set; }

    /// <summary>True once closed or timed out: nothing may be added to it any more.</summary>
    public bool IsClosed => Volatile.Read(ref closed) != 0;

    /// <summary>Where its Browse calls go on.</summary>
    public ContinuationPointStore ContinuationPoints { get; } = new();

    /// <summary>How often it used which service.</summary>
    public ServiceCounters Counters { get; } = new();

    /// <summary>Requests that go on asynchronously.</summary>
    public PendingRequests Pending { get; } = new(maxAsyncRequests);

    /// <summary>The secret by which the client names it.</summary>
    internal SessionToken Token { get; init; }

    /// <summary>The nonce that the client's next proof must be over.</summary>
    internal byte[] ServerNonce { get; set; } = [];

    /// <summary>The key that the client's next password is encrypted for; null where it asked for none
    /// (ECC).</summary>
    internal EphemeralKey? LogonKey { get; set; }

    /// <summary>Names of its users so far, for its diagnostics.</summary>
    internal string[] UserHistory() => Volatile.Read(ref users);

    /// <summary>Remembers a user; called under the lock of activations.</summary>
    internal void Remember(string user)
    {
        if (users.Length < LongestHistory) Volatile.Write(ref users, [.. users, user]);
    }

    /// <summary>A request came.</summary>
    internal void Touch(long now, DateTime utcNow)
    {
        Interlocked.Exchange(ref lastContact, now);
        LastContactAt = utcNow;
    }

    /// <summary>Closes it.</summary>
    /// <returns>False when it was closed already.</returns>
    internal bool TryClose() => Interlocked.Exchange(ref closed, 1) == 0;
}
