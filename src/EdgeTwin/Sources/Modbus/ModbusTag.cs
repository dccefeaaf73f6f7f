using EdgeTwin.Modbus;
using EdgeTwin.Tags;

namespace EdgeTwin.Sources.Modbus;

/// <summary>
/// A tag as it lies in the device, and the way from its bytes to its value and back. Reading allocates nothing but a
/// new text for a string that has changed.
/// </summary>
internal sealed class ModbusTag
{
    private readonly TagDefinition definition;
    private readonly TagDataType raw;
    private readonly RegisterOrder order;
    private readonly bool isBcd;
    private readonly bool isScaled;
    private readonly double scale;
    private readonly double offset;
    private readonly int length;
    private byte[] lastText = [];
    private TagValue lastString;

    /// <exception cref="ArgumentException">The address is none; <see cref="ModbusTagCheck"/> says so
    /// earlier.</exception>
    public ModbusTag(SourceTag tag)
    {
        definition = tag.Definition;
        var config = tag.Config;
        if (!ModbusAddress.TryParse(config.Address, out var address, out var problem)) throw new ArgumentException(
            problem, nameof(tag));
        Address = address;
        raw = config.Type;
        order = new RegisterOrder(config.WordOrder == WordOrder.Little, config.ByteOrder == WordOrder.Little);
        isBcd = config.Coding == NumberCoding.Bcd;
        isScaled = config.Scale is not null || config.Offset is not null;
        scale = config.Scale ?? 1;
        offset = config.Offset ?? 0;
        length = config.Length ?? 0;
        var count = address.IsOneBit ? 1 : ModbusTagCheck.Registers(config);
        Span = new AddressSpan(address.Table, address.Number, address.Number + count);
    }

    public TagId Id => definition.Id;

    public string Name => definition.Name;

    public ModbusAddress Address { get; }

    public AddressSpan Span { get; }

    /// <summary>Reads the tag out of an answer whose first address is <paramref name="start"/>.</summary>
    public TagValue Read(ReadOnlySpan<byte> answer, int start, out StatusCode status)
    {
        var at = Span.Start - start;
        status = StatusCode.Good;
        if (raw == TagDataType.Bool)
        {
            return TagValue.From(Address.Bit is { } bit
                ? RegisterCodec.ReadBit(answer[(at * 2)..], bit, order)
                : RegisterCodec.ReadPackedBit(answer, at));
        }

        var registers = answer.Slice(at * 2, Span.Length * 2);
        return raw == TagDataType.String ? ReadText(registers) : ReadNumber(registers, out status);
    }

    /// <summary>
    /// The device's value for a value in engineering units. Good, or why it has none: the wrong type, out of range for
    /// the device's type, or not a finite number.
    /// </summary>
    public StatusCode TryToDevice(TagValue value, out TagValue device)
    {
        device = default;
        if (value.IsNone
            || (value.Type == TagDataType.String) != (raw == TagDataType.String)) return StatusCode.BadTypeMismatch;
        if (raw == TagDataType.String || (value.Type == raw && !isScaled)) device = value;
        else if (!isScaled && IsInteger(value.Type) && IsInteger(raw)) return TryInteger(value, out device);
        else if (!TagValue.TryFromDouble(raw, (value.AsDouble() - offset) / scale,
            out device)) return StatusCode.BadOutOfRange;
        // A device would store an infinity or a NaN, and nobody could say what it then does with it.
        return raw is TagDataType.Float32 or TagDataType.Float64 && !double.IsFinite(device.AsDouble())
            ? StatusCode.BadOutOfRange : StatusCode.Good;
    }

    /// <summary>Writes a value of <see cref="TryToDevice"/> into its registers.</summary>
    public StatusCode TryWrite(TagValue device, Span<byte> registers)
    {
        if (raw == TagDataType.String)
        {
            return RegisterCodec.TryWriteString(registers, device.Text ?? "", length, order)
                ? StatusCode.Good : StatusCode.BadOutOfRange;
        }

        var bits = unchecked((ulong)device.Bits);
        if (isBcd && (device.Bits < 0 && raw != TagDataType.UInt64
            || !PackedDecimal.TryEncode(bits, Span.Length, out bits)))
            return StatusCode.BadOutOfRange;
        if (Span.Length == 1) RegisterCodec.WriteUInt16(registers, (ushort)bits, order);
        else if (Span.Length == 2) RegisterCodec.WriteUInt32(registers, (uint)bits, order);
        else RegisterCodec.WriteUInt64(registers, bits, order);
        return StatusCode.Good;
    }

    /// <summary>The mask of the tag's bit within the register as it goes over the wire.</summary>
    public ushort WireMask()
    {
        var mask = (ushort)(1 << (Address.Bit ?? 0));
        return order.LowByteFirst ? (ushort)((mask << 8) | (mask >> 8)) : mask;
    }

    private TagValue ReadNumber(ReadOnlySpan<byte> registers, out StatusCode status)
    {
        var bits = Span.Length switch
        {
            1 => RegisterCodec.ReadUInt16(registers, order),
            2 => RegisterCodec.ReadUInt32(registers, order),
            _ => RegisterCodec.ReadUInt64(registers, order),
        };
        status = StatusCode.Good;
        if (isBcd && !PackedDecimal.TryDecode(bits, out bits))
        {
            status = StatusCode.BadDecodingError;
            return TagValue.None;
        }

        var value = Number(bits);
        if (isScaled) value = TagValue.From(value.AsDouble() * scale + offset);
        status = Judge(value);
        return value;
    }

    private TagValue Number(ulong bits) => raw switch
    {
        TagDataType.Int8 => TagValue.From(unchecked((sbyte)bits)), // the low byte; the high one is padding or the sign
        TagDataType.UInt8 => TagValue.From(unchecked((byte)bits)),
        TagDataType.Int16 => TagValue.From(unchecked((short)bits)),
        TagDataType.UInt16 => TagValue.From(unchecked((ushort)bits)),
        TagDataType.Int32 => TagValue.From(unchecked((int)bits)),
        TagDataType.UInt32 => TagValue.From(unchecked((uint)bits)),
        _ => TagValue.FromBits(raw, unchecked((long)bits)),
    };

    /// <summary>
    /// A NaN is how devices say that the sensor is broken or absent: BadSensorFailure, and the NaN travels along with
    /// its payload. An infinity, and whatever is outside the instrument range, is UncertainEngineeringUnitsExceeded.
    /// </summary>
    private StatusCode Judge(TagValue value)
    {
        var number = value.AsDouble();
        if (double.IsNaN(number)) return StatusCode.BadSensorFailure;
        return double.IsInfinity(number) || (definition.Range is { } range && !range.Contains(number))
            ? StatusCode.UncertainEngineeringUnitsExceeded : StatusCode.Good;
    }

    private TagValue ReadText(ReadOnlySpan<byte> registers)
    {
        if (lastString.IsNone || !registers.SequenceEqual(lastText))
        {
            lastText = registers.ToArray();
            lastString = TagValue.From(RegisterCodec.ReadString(registers, length, order));
        }

        return lastString;
    }

    /// <summary>Between integers without the detour over a double, which would round beyond 2^53.</summary>
    private StatusCode TryInteger(TagValue value, out TagValue device)
    {
        Int128 number = value.Type == TagDataType.UInt64 ? unchecked((ulong)value.Bits) : value.Bits;
        var (low, high) = raw switch
        {
            TagDataType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
            TagDataType.UInt8 => (byte.MinValue, byte.MaxValue),
            TagDataType.Int16 => (short.MinValue, short.MaxValue),
            TagDataType.UInt16 => (ushort.MinValue, ushort.MaxValue),
            TagDataType.Int32 => (int.MinValue, int.MaxValue),
            TagDataType.UInt32 => (uint.MinValue, uint.MaxValue),
            TagDataType.Int64 => (long.MinValue, long.MaxValue),
            _ => ((Int128)ulong.MinValue, (Int128)ulong.MaxValue),
        };
        var fits = number >= low && number <= high;
        device = fits ? TagValue.FromBits(raw, unchecked((long)number)) : TagValue.None;
        return fits ? StatusCode.Good : StatusCode.BadOutOfRange;
    }

    private static bool IsInteger(TagDataType type) => type is >= TagDataType.Int8 and <= TagDataType.UInt64;
}
