using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.NodeSets;

/// <summary>Reads the elements of the compact form; see <see cref="NodeSetFormat"/>.</summary>
internal ref struct NodeSetBytes(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private string[] strings = [];
    private ushort[] namespaces = [];
    private int position;

    public readonly int Position => position;

    public readonly bool IsAtEnd => position == bytes.Length;

    /// <summary>From here on strings are read as indexes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ReadStrings()
    {
        strings = new string[ReadCount()];
        for (var i = 0; i < strings.Length; i++) strings[i] = System.Text.Encoding.UTF8.GetString(ReadRaw(ReadCount()));
    }

    /// <summary>From here on namespace indexes are replaced.</summary>
    public void UseNamespaces(ushort[] indexes) => namespaces = indexes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte ReadByte() => position < bytes.Length ? bytes[position++] : throw Damaged();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ulong ReadNumber()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = ReadByte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }

        throw Damaged();
    }

    public uint ReadUInt32() => (uint)ReadNumber();

    public long ReadSigned()
    {
        var value = ReadNumber();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>A count of things that take at least a byte each.</summary>
    public int ReadCount()
    {
        var count = ReadNumber();
        return count <= (ulong)(bytes.Length - position) ? (int)count : throw Damaged();
    }

    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(ReadRaw(sizeof(double)));

    public ReadOnlySpan<byte> ReadRaw(int count)
    {
        if ((uint)count > (uint)(bytes.Length - position)) throw Damaged();
        var raw = bytes.Slice(position, count);
        position += count;
        return raw;
    }

    public string? ReadString()
    {
        var index = ReadNumber();
        if (index == 0) return null;
        return index <= (ulong)strings.Length ? strings[index - 1] : throw Damaged();
    }

    public LocalizedText ReadText() => new(ReadString(), ReadString());

    public ushort ReadNamespace() => Namespace(ReadNumber());

    public readonly ushort Namespace(ulong local) =>
        local < (ulong)namespaces.Length ? namespaces[local] : throw Damaged();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public NodeId ReadNodeId()
    {
        var head = ReadNumber();
        var index = Namespace(head >> 2);
        return (head & 3) switch
        {
            0 => new NodeId(index, ReadUInt32()),
            1 => new NodeId(index, ReadString() ?? ""),
            2 => new NodeId(index, new Guid(ReadRaw(16))),
            _ => new NodeId(index, ReadRaw(ReadCount()).ToArray()),
        };
    }

    public uint[] ReadNumbers()
    {
        var count = ReadCount();
        if (count == 0) return [];
        var numbers = new uint[count];
        for (var i = 0; i < count; i++) numbers[i] = ReadUInt32();
        return numbers;
    }

    public static InvalidDataException Damaged() => new("The compact nodeset is damaged.");
}
