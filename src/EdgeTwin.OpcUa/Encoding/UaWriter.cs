using System.Buffers.Binary;
using System.Text;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Encoding;

/// <summary>Writes OPC UA Binary (OPC 10000-6 §5.2) at the end of a buffer: the method names are the types.</summary>
/// <param name="buffer">Where the bytes go; the caller keeps it.</param>
/// <exception cref="OpcUaException">BadEncodingLimitsExceeded when the buffer is full, by every method.</exception>
public readonly ref struct UaWriter(MessageBuffer buffer)
{
    /// <summary>Bytes in the buffer so far.</summary>
    public int Position => buffer.Length;

    /// <summary>Bytes that still fit.</summary>
    internal int Room => buffer.Room;

    /// <summary>One Boolean.</summary>
    public void WriteBoolean(bool value) => buffer.Take(1)[0] = value ? (byte)1 : (byte)0;

    /// <summary>One SByte.</summary>
    public void WriteSByte(sbyte value) => buffer.Take(1)[0] = (byte)value;

    /// <summary>One Byte.</summary>
    public void WriteByte(byte value) => buffer.Take(1)[0] = value;

    /// <summary>One Int16.</summary>
    public void WriteInt16(short value) => BinaryPrimitives.WriteInt16LittleEndian(buffer.Take(2), value);

    /// <summary>One UInt16.</summary>
    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(buffer.Take(2), value);

    /// <summary>One Int32.</summary>
    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32LittleEndian(buffer.Take(4), value);

    /// <summary>One UInt32.</summary>
    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(buffer.Take(4), value);

    /// <summary>One Int64.</summary>
    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64LittleEndian(buffer.Take(8), value);

    /// <summary>One UInt64.</summary>
    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(buffer.Take(8), value);

    /// <summary>One Float.</summary>
    public void WriteFloat(float value) => BinaryPrimitives.WriteSingleLittleEndian(buffer.Take(4), value);

    /// <summary>One Double.</summary>
    public void WriteDouble(double value) => BinaryPrimitives.WriteDoubleLittleEndian(buffer.Take(8), value);

    /// <summary>One Int64.</summary>
    public void WriteDateTime(DateTime value) => WriteInt64(WireTime.ToWire(value));

    /// <summary>One Guid.</summary>
    public void WriteGuid(Guid value) => value.TryWriteBytes(buffer.Take(16));

    /// <summary>One UInt32.</summary>
    public void WriteStatusCode(StatusCode value) => WriteUInt32(value.Value);

    /// <summary>One String.</summary>
    public void WriteString(string? value)
    {
        if (value is null)
        {
            WriteInt32(-1);
            return;
        }

        var most = Encoding8.GetMaxByteCount(value.Length);
        var room = buffer.Take(4 + most);
        var written = Encoding8.GetBytes(value, room[4..]);
        BinaryPrimitives.WriteInt32LittleEndian(room, written);
        buffer.GiveBack(most - written);
    }

    /// <summary>One ByteString.</summary>
    public void WriteByteString(byte[]? value)
    {
        WriteInt32(value?.Length ?? -1);
        WriteRaw(value);
    }

    /// <summary>A ByteString that is not null.</summary>
    public void WriteByteString(ReadOnlySpan<byte> value)
    {
        WriteInt32(value.Length);
        WriteRaw(value);
    }

    /// <summary>Bytes without a length.</summary>
    public void WriteRaw(ReadOnlySpan<byte> value) => value.CopyTo(buffer.Take(value.Length));

    /// <summary>One String.</summary>
    public void WriteXmlElement(XmlElement? value) => WriteString(value?.Text);

    /// <summary>The shortest form that holds the id (OPC 10000-6 §5.2.2.9).</summary>
    public void WriteNodeId(in NodeId value) => WriteNodeId(value, 0);

    /// <summary>One ExpandedNodeId.</summary>
    public void WriteExpandedNodeId(in ExpandedNodeId value)
    {
        var flags = (value.NamespaceUri is null ? 0 : 0x80) | (value.ServerIndex == 0 ? 0 : 0x40);
        // A namespace given by its URI goes with index 0 (§5.2.2.10).
        WriteNodeId(value.NamespaceUri is null ? value.NodeId : value.NodeId.WithNamespace(0), (byte)flags);
        if (value.NamespaceUri is not null)
        {
            WriteString(value.NamespaceUri);
        }

        if (value.ServerIndex != 0)
        {
            WriteUInt32(value.ServerIndex);
        }
    }

    /// <summary>One QualifiedName.</summary>
    public void WriteQualifiedName(in QualifiedName value)
    {
        WriteUInt16(value.NamespaceIndex);
        WriteString(value.Name);
    }

    /// <summary>One LocalizedText.</summary>
    public void WriteLocalizedText(in LocalizedText value)
    {
        WriteByte((byte)((value.Locale is null ? 0 : 1) | (value.Text is null ? 0 : 2)));
        if (value.Locale is not null)
        {
            WriteString(value.Locale);
        }

        if (value.Text is not null)
        {
            WriteString(value.Text);
        }
    }

    /// <summary>One Variant.</summary>
    public void WriteVariant(in Variant value) => VariantWriter.Write(this, value);

    /// <summary>One DataValue.</summary>
    public void WriteDataValue(in DataValue value) => DataValueWriter.Write(buffer, this, value);

    /// <summary>One DiagnosticInfo.</summary>
    public void WriteDiagnosticInfo(DiagnosticInfo? value)
    {
        if (value is null)
        {
            WriteByte(0);
            return;
        }

        WriteByte((byte)((value.SymbolicId is null ? 0 : 0x01) | (value.NamespaceUri is null ? 0 : 0x02)
            | (value.LocalizedText is null ? 0 : 0x04) | (value.Locale is null ? 0 : 0x08)
            | (value.AdditionalInfo is null ? 0 : 0x10) | (value.InnerStatusCode is null ? 0 : 0x20)
            | (value.InnerDiagnosticInfo is null ? 0 : 0x40)));
        WriteIfPresent(value.SymbolicId);
        WriteIfPresent(value.NamespaceUri);
        WriteIfPresent(value.Locale);
        WriteIfPresent(value.LocalizedText);
        if (value.AdditionalInfo is not null)
        {
            WriteString(value.AdditionalInfo);
        }

        if (value.InnerStatusCode is { } status)
        {
            WriteStatusCode(status);
        }

        if (value.InnerDiagnosticInfo is not null)
        {
            WriteDiagnosticInfo(value.InnerDiagnosticInfo);
        }
    }

    /// <summary>Null is written as a null type without a body (OPC 10000-6 §5.2.2.15).</summary>
    public void WriteExtensionObject(ExtensionObject? value)
    {
        WriteNodeId(value?.TypeId ?? NodeId.Null);
        switch (value?.Body)
        {
            case null:
                WriteByte(0);
                return;
            case XmlElement xml:
                WriteByte(2);
                WriteXmlElement(xml);
                return;
            case byte[] raw:
                WriteByte(1);
                WriteByteString(raw);
                return;
            case IStructure structure:
                WriteByte(1);
                var length = ReserveInt32();
                var self = this;
                structure.Encode(ref self);
                PatchInt32(length, Position - length - sizeof(int));
                return;
        }
    }

    /// <summary>Leaves room for a number that is known later.</summary>
    /// <returns>Where it goes, for <see cref="PatchInt32"/>.</returns>
    public int ReserveInt32()
    {
        var position = Position;
        WriteInt32(0);
        return position;
    }

    /// <summary>Fills what <see cref="ReserveInt32"/> left.</summary>
    public void PatchInt32(int position, int value) =>
        BinaryPrimitives.WriteInt32LittleEndian(buffer.WrittenForChange[position..], value);

    /// <summary>Takes bytes out again; what follows moves up.</summary>
    internal void RemoveRange(int position, int count) => buffer.RemoveRange(position, count);

    /// <summary>Forgets what was written after <paramref name="position"/>.</summary>
    internal void Truncate(int position) => buffer.Truncate(position);

    private void WriteNodeId(in NodeId value, byte flags)
    {
        switch (value.IdType)
        {
            case IdType.Numeric:
                WriteNumeric(value, flags);
                return;
            case IdType.String:
                WriteByte((byte)(3 | flags));
                WriteUInt16(value.NamespaceIndex);
                WriteString(value.Text);
                return;
            case IdType.Guid:
                WriteByte((byte)(4 | flags));
                WriteUInt16(value.NamespaceIndex);
                WriteGuid(value.Guid);
                return;
            default:
                WriteByte((byte)(5 | flags));
                WriteUInt16(value.NamespaceIndex);
                WriteByteString(value.Opaque);
                return;
        }
    }

    private void WriteNumeric(in NodeId value, byte flags)
    {
        if (value.NamespaceIndex == 0 && value.Number <= byte.MaxValue)
        {
            WriteByte(flags);
            WriteByte((byte)value.Number);
        }
        else if (value.NamespaceIndex <= byte.MaxValue && value.Number <= ushort.MaxValue)
        {
            WriteByte((byte)(1 | flags));
            WriteByte((byte)value.NamespaceIndex);
            WriteUInt16((ushort)value.Number);
        }
        else
        {
            WriteByte((byte)(2 | flags));
            WriteUInt16(value.NamespaceIndex);
            WriteUInt32(value.Number);
        }
    }

    private void WriteIfPresent(int? value)
    {
        if (value is { } number)
        {
            WriteInt32(number);
        }
    }

    private static UTF8Encoding Encoding8 { get; } = new(false, false);
}
