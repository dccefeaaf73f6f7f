using System.Security.Cryptography;

namespace EdgeTwin.OpcUa.Channel;

/// <summary>Ids of channels: never 0, never the same twice in a long time, and not to be guessed from one's
/// own.</summary>
internal sealed class ChannelIds
{
    private uint last = (uint)RandomNumberGenerator.GetInt32(int.MaxValue);

    public uint Next()
    {
        uint id;
        do id = Interlocked.Add(ref last, (uint)RandomNumberGenerator.GetInt32(1, 1024));
        while (id == 0);
        return id;
    }
}
