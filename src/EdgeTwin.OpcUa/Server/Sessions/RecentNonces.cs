using System.Security.Cryptography;

namespace EdgeTwin.OpcUa.Server.Sessions;

/// <summary>The last nonces of clients: one that comes again is a replay or a broken generator (OPC 10000-4
/// §5.7.2).</summary>
internal sealed class RecentNonces(int most = 1000)
{
    private readonly Lock gate = new();
    private readonly HashSet<UInt128> known = new(most);
    private readonly Queue<UInt128> order = new(most);

    /// <summary>Remembers a nonce.</summary>
    /// <returns>False when it was there already.</returns>
    public bool TryAdd(ReadOnlySpan<byte> nonce)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(nonce, hash);
        var id = BitConverter.ToUInt128(hash);
        lock (gate)
        {
            if (!known.Add(id)) return false;
            if (order.Count == most) known.Remove(order.Dequeue());
            order.Enqueue(id);
            return true;
        }
    }
}
