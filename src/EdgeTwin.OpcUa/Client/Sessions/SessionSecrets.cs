using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.Sessions;

/// <summary>What activates a session, on this channel or on the next. The authentication token is a secret: it is in no
/// text.</summary>
internal sealed class SessionSecrets
{
    public required NodeId SessionId { get; init; }

    public required NodeId AuthenticationToken { get; init; }

    /// <summary>How long the server keeps the session without a word.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>DER of the server's certificate; empty when it has none.</summary>
    public required byte[] ServerCertificate { get; init; }

    /// <summary>The last nonce of the server; each activation brings a new one.</summary>
    public byte[] ServerNonce { get; set; } = [];

    /// <summary>The server's key for the next password under ECC, whose signature was verified; null when it sent
    /// none.</summary>
    public byte[]? ServerKey { get; set; }

    /// <summary>Most bytes of a request; 0 is no limit.</summary>
    public uint MaxRequestMessageSize { get; init; }

    public override string ToString() => $"session {SessionId}";
}
