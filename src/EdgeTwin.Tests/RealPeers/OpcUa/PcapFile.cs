using System.Buffers.Binary;

namespace EdgeTwin.Tests.RealPeers.OpcUa;

/// <summary>Writes what two sides of one TCP connection said as a capture, so that a dissector can judge it without the
/// right to capture. Link type 101: raw IPv4.</summary>
internal sealed class PcapFile : IDisposable
{
    private const int Segment = 1400;
    private readonly Lock guard = new();
    private readonly FileStream file;
    private readonly ushort port;
    private readonly uint[] next = [1, 1];
    private int packets;

    /// <param name="path">The file to write.</param>
    /// <param name="port">The server's port, as the dissector shall see it.</param>
    public PcapFile(string path, ushort port)
    {
        this.port = port;
        file = File.Create(path);
        Span<byte> head = stackalloc byte[24];
        BinaryPrimitives.WriteUInt32LittleEndian(head, 0xA1B2_C3D4);
        BinaryPrimitives.WriteUInt16LittleEndian(head[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(head[6..], 4);
        BinaryPrimitives.WriteUInt32LittleEndian(head[16..], 65_535);
        BinaryPrimitives.WriteUInt32LittleEndian(head[20..], 101);
        file.Write(head);
    }

    public void Add(bool fromClient, ReadOnlySpan<byte> bytes)
    {
        lock (guard)
        {
            for (; bytes.Length > 0; bytes = bytes[Math.Min(Segment, bytes.Length)..])
            {
                Write(fromClient, bytes[..Math.Min(Segment, bytes.Length)]);
            }
        }
    }

    public void Dispose() => file.Dispose();

    private void Write(bool fromClient, ReadOnlySpan<byte> payload)
    {
        var side = fromClient ? 0 : 1;
        var packet = new byte[16 + 20 + 20 + payload.Length];
        var record = packet.AsSpan();
        var ip = record[16..];
        var tcp = record[36..];
        BinaryPrimitives.WriteUInt32LittleEndian(record, (uint)(++packets / 1000));
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], (uint)(packets % 1000 * 1000));
        BinaryPrimitives.WriteUInt32LittleEndian(record[8..], (uint)ip.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record[12..], (uint)ip.Length);
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)ip.Length);
        ip[8] = 64;
        ip[9] = 6;
        ip[12] = ip[16] = 10;
        ip[15] = (byte)(1 + side);
        ip[19] = (byte)(2 - side);
        BinaryPrimitives.WriteUInt16BigEndian(tcp, fromClient ? (ushort)40_000 : port);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], fromClient ? port : (ushort)40_000);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], next[side]);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[8..], next[1 - side]);
        tcp[12] = 5 << 4;
        tcp[13] = 0x18; // PSH, ACK
        BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], 65_000);
        payload.CopyTo(tcp[20..]);
        next[side] += (uint)payload.Length;
        file.Write(packet);
    }
}
