using System.Buffers;
using EdgeTwin.Mqtt.Packets;

namespace EdgeTwin.Mqtt;

/// <summary>Bytes that wait for the socket. Pooled; grows with a burst and is given back after it.</summary>
internal sealed class OutputBuffer : IDisposable
{
    private const int UsualSize = 32 * 1024;
    private byte[] bytes = ArrayPool<byte>.Shared.Rent(UsualSize);

    public int Count { get; private set; }

    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, Count);

    /// <summary>Adds a packet of which the body's length is known already.</summary>
    public void Write<T>(scoped in T packet, int bodyLength, MqttProtocolVersion version)
        where T : IMqttPacket, allows ref struct
    {
        var writer = new MqttWriter(Reserve(MqttWriter.FixedHeaderLength(bodyLength) + bodyLength), version);
        writer.FixedHeader(packet.Type, packet.Flags, bodyLength);
        packet.WriteBody(ref writer);
        Count += writer.Written;
    }

    /// <summary>Adds a packet as it was written before.</summary>
    public void Write(ReadOnlySpan<byte> packet)
    {
        packet.CopyTo(Reserve(packet.Length));
        Count += packet.Length;
    }

    /// <summary>Takes back what was added last.</summary>
    public void Truncate(int count) => Count = count;

    public void Clear()
    {
        Count = 0;
        if (bytes.Length <= 8 * UsualSize) return;
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = ArrayPool<byte>.Shared.Rent(UsualSize);
    }

    public void Dispose()
    {
        Count = 0;
        var last = bytes;
        bytes = [];
        if (last.Length > 0) ArrayPool<byte>.Shared.Return(last);
    }

    /// <summary>Room for that many bytes at the end.</summary>
    private Span<byte> Reserve(int size)
    {
        if (bytes.Length - Count < size)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Count + size, bytes.Length * 2));
            bytes.AsSpan(0, Count).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(bytes);
            bytes = larger;
        }
        return bytes.AsSpan(Count);
    }
}
