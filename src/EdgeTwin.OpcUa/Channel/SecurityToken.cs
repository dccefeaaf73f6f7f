using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>The keys of a channel for a while. Times are monotonic.</summary>
internal sealed class SecurityToken : IDisposable
{
    private readonly ChannelKeys? keys;

    public SecurityToken(uint id, TimeSpan createdAt, TimeSpan lifetime, ChannelKeys? keys, bool isServer)
    {
        (Id, this.keys) = (id, keys);
        RenewAt = createdAt + lifetime * 0.75;
        EndsAt = createdAt + lifetime * 1.25;
        Outgoing = isServer ? keys?.Server : keys?.Client;
        Incoming = isServer ? keys?.Client : keys?.Server;
    }

    public uint Id { get; }

    /// <summary>When a client asks for the next token (OPC 10000-4 §5.5.2.1).</summary>
    public TimeSpan RenewAt { get; }

    /// <summary>Until when messages with this token are taken: its lifetime and a quarter of grace.</summary>
    public TimeSpan EndsAt { get; }

    /// <summary>Used under the sending gate; null without security.</summary>
    public SymmetricCipher? Outgoing { get; }

    /// <summary>Used by the receive loop; null without security.</summary>
    public SymmetricCipher? Incoming { get; }

    public void Dispose() => keys?.Dispose();
}
