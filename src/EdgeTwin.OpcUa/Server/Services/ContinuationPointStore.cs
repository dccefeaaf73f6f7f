using System.Buffers.Binary;
using System.Security.Cryptography;

namespace EdgeTwin.OpcUa.Server.Services;

/// <summary>The continuation points of one session (OPC 10000-4 §7.9): each is used once, and ends with the
/// session.</summary>
internal sealed class ContinuationPointStore
{
    /// <summary>Bytes of a continuation point on the wire.</summary>
    public const int Size = 8;

    private readonly Lock gate = new();
    private readonly Dictionary<ulong, object> points = [];

    /// <summary>Keeps where a call stopped.</summary>
    /// <returns>Its id; 0 when there are <paramref name="most"/> of them already.</returns>
    public ulong Add(object point, int most)
    {
        Span<byte> random = stackalloc byte[Size];
        lock (gate)
        {
            if (points.Count >= most)
            {
                return 0;
            }

            // Random, so that a point of another session or of yesterday is not taken for one of today's.
            ulong id;
            do
            {
                RandomNumberGenerator.Fill(random);
                id = BinaryPrimitives.ReadUInt64LittleEndian(random);
            }
            while (id == 0 || !points.TryAdd(id, point));
            return id;
        }
    }

    /// <summary>Takes a point out; null when there is none with that id of that kind.</summary>
    public T? Take<T>(ReadOnlySpan<byte> id)
        where T : class
    {
        if (id.Length != Size)
        {
            return null;
        }

        lock (gate)
        {
            var key = BinaryPrimitives.ReadUInt64LittleEndian(id);
            if (points.GetValueOrDefault(key) is not T point)
            {
                return null;
            }

            points.Remove(key);
            return point;
        }
    }

    /// <summary>Frees all of them.</summary>
    public void Clear()
    {
        lock (gate)
        {
            points.Clear();
        }
    }
}
