using System.Buffers;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Generator.NodeSets;

/// <summary>Writes the elements of the compact form; the strings are gathered on the way.</summary>
internal sealed class CompactBytes
{
    private readonly ArrayBufferWriter<byte> bytes = new();
    private readonly Dictionary<string, ulong> strings = [];

    public void WriteByte(byte value) => bytes.Write([value]);

    public void WriteNumber(ulong value)
    {
        for (; value >= 0x80; value >>= 7) WriteByte((byte)(value | 0x80));
        WriteByte((byte)value);
    }

    public void WriteNumber(int value) => WriteNumber(checked((ulong)value));

    public void WriteSigned(long value) => WriteNumber((ulong)(value << 1) ^ (ulong)(value >> 63));

    public void WriteDouble(double value) => WriteRaw(BitConverter.GetBytes(value));

    public void WriteRaw(ReadOnlySpan<byte> raw) => bytes.Write(raw);

    public void WriteString(string? text)
    {
        if (text is null)
        {
            WriteNumber(0);
            return;
        }

        if (!strings.TryGetValue(text, out var index)) strings.Add(text, index = (ulong)strings.Count + 1);
        WriteNumber(index);
    }

    public void WriteText(LocalizedText text)
    {
        WriteString(text.Locale);
        WriteString(text.Text);
    }

    public void WriteNodeId(NodeId id)
    {
        WriteNumber(((ulong)id.NamespaceIndex << 2) | (ulong)id.IdType);
        switch (id.IdType)
        {
            case IdType.Numeric:
                WriteNumber(id.Number);
                break;
            case IdType.String:
                WriteString(id.Text);
                break;
            case IdType.Guid:
                WriteRaw(id.Guid.ToByteArray());
                break;
            default:
                WriteNumber(id.Opaque!.Length);
                WriteRaw(id.Opaque);
                break;
        }
    }

    public void WriteNumbers(uint[] numbers)
    {
        WriteNumber(numbers.Length);
        foreach (var number in numbers) WriteNumber(number);
    }

    /// <summary>What was written, after the strings that it refers to.</summary>
    public byte[] WithStrings(ReadOnlySpan<byte> head)
    {
        var all = new CompactBytes();
        all.WriteRaw(head);
        all.WriteNumber(strings.Count);
        foreach (var text in strings.Keys)
        {
            var utf8 = System.Text.Encoding.UTF8.GetBytes(text);
            all.WriteNumber(utf8.Length);
            all.WriteRaw(utf8);
        }

        all.WriteRaw(bytes.WrittenSpan);
        return all.bytes.WrittenSpan.ToArray();
    }
}
