using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Sessions;

namespace EdgeTwin.OpcUa.Server;

/// <summary>The request header (OPC 10000-4 §7.32), read in place: nothing is allocated for one without an audit
/// id.</summary>
internal readonly ref struct RequestHead
{
    private RequestHead(SessionToken token, bool hasToken, uint handle, uint diagnostics, string? auditEntryId,
        uint timeout)
    {
        Token = token;
        HasToken = hasToken;
        RequestHandle = handle;
        ReturnDiagnostics = diagnostics;
        AuditEntryId = auditEntryId;
        TimeoutHint = timeout;
    }

    /// <summary>The token; meaningless without <see cref="HasToken"/>.</summary>
    public SessionToken Token { get; }

    /// <summary>Whether the token has the form of ours.</summary>
    public bool HasToken { get; }

    public uint RequestHandle { get; }

    public uint ReturnDiagnostics { get; }

    public string? AuditEntryId { get; }

    public uint TimeoutHint { get; }

    /// <summary>Reads a header.</summary>
    /// <param name="reader">Stands at the header, then behind it.</param>
    /// <param name="requestHandle">The handle as soon as it is known: a fault for the rest echoes it.</param>
    /// <exception cref="OpcUaException">The bytes are no header.</exception>
    public static RequestHead Read(ref UaReader reader, ref uint requestHandle)
    {
        var hasToken = TryReadToken(ref reader, out var token);
        reader.Skip(8); // the client's clock
        requestHandle = reader.ReadUInt32();
        var diagnostics = reader.ReadUInt32();
        var auditEntryId = reader.ReadString();
        var timeout = reader.ReadUInt32();
        reader.ReadExtensionObject();
        return new RequestHead(token, hasToken, requestHandle, diagnostics, auditEntryId, timeout);
    }

    private static bool TryReadToken(ref UaReader reader, out SessionToken token)
    {
        var ahead = reader;
        if (ahead.ReadByte() == 5 && ahead.ReadUInt16() == 0 && ahead.ReadInt32() == SessionToken.Length)
        {
            token = new SessionToken(ahead.Take(SessionToken.Length));
            reader = ahead;
            return true;
        }

        token = default;
        reader.ReadNodeId(); // somebody else's, or none
        return false;
    }
}
