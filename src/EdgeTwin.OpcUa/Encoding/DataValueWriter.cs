using System.Buffers.Binary;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Encoding;

/// <summary>Writes data values (OPC 10000-6 §5.2.2.17). Every notification passes here: a numeric scalar takes its
/// room once.</summary>
internal static class DataValueWriter
{
    private const int MostFixedBytes = 1 + 1 + 8 + 4 + 8 + 2 + 8 + 2;

    public static void Write(MessageBuffer buffer, in UaWriter writer, in DataValue value)
    {
        var variant = value.Value;
        var inline = variant.Reference is null && variant.IsScalar
            && VariantWriter.FixedSize(variant.Type) is var size and > 0
            ? size
            : 0;
        var mask = (variant.IsNull ? 0 : 0x01) | (value.Status.Value == 0 ? 0 : 0x02)
            | (value.SourceTimestamp == default ? 0 : 0x04) | (value.ServerTimestamp == default ? 0 : 0x08)
            | (value.SourcePicoseconds == 0 ? 0 : 0x10) | (value.ServerPicoseconds == 0 ? 0 : 0x20);
        if (inline == 0 && !variant.IsNull)
        {
            writer.WriteByte((byte)mask);
            VariantWriter.Write(writer, variant);
            var rest = buffer.Take(MostFixedBytes);
            buffer.GiveBack(MostFixedBytes - WriteTail(rest, value, mask));
            return;
        }

        var room = buffer.Take(MostFixedBytes);
        room[0] = (byte)mask;
        var length = 1;
        if (inline > 0)
        {
            room[1] = (byte)variant.Type;
            BinaryPrimitives.WriteInt64LittleEndian(room[2..], VariantWriter.WireBits(variant));
            length += 1 + inline;
        }

        length += WriteTail(room[length..], value, mask);
        buffer.GiveBack(MostFixedBytes - length);
    }

    private static int WriteTail(Span<byte> room, in DataValue value, int mask)
    {
        var length = 0;
        if ((mask & 0x02) != 0)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(room, value.Status.Value);
            length = 4;
        }

        if ((mask & 0x04) != 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(room[length..], WireTime.ToWire(value.SourceTimestamp));
            length += 8;
        }

        if ((mask & 0x10) != 0)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(room[length..], value.SourcePicoseconds);
            length += 2;
        }

        if ((mask & 0x08) != 0)
        {
            BinaryPrimitives.WriteInt64LittleEndian(room[length..], WireTime.ToWire(value.ServerTimestamp));
            length += 8;
        }

        if ((mask & 0x20) != 0)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(room[length..], value.ServerPicoseconds);
            length += 2;
        }

        return length;
    }
}
