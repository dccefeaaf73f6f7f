namespace EdgeTwin.Modbus;

/// <summary>
/// One request: what the protocol data unit says, without its framing. Made by the factory methods, which hold every
/// quantity against the limits of the specification.
/// </summary>
public readonly record struct ModbusRequest
{
    /// <summary>The function.</summary>
    public ModbusFunction Function { get; private init; }

    /// <summary>First address, counted from 0. Of function 23: first address that is read.</summary>
    public ushort Address { get; private init; }

    /// <summary>Number of bits or registers. Of function 23: the number that is read.</summary>
    public ushort Quantity { get; private init; }

    /// <summary>The value of functions 5 (0xFF00 or 0) and 6; the AND mask of function 22.</summary>
    public ushort Value { get; private init; }

    /// <summary>The OR mask of function 22.</summary>
    public ushort OrMask { get; private init; }

    /// <summary>First address that function 23 writes.</summary>
    public ushort WriteAddress { get; private init; }

    /// <summary>Number of registers that function 23 writes.</summary>
    public ushort WriteQuantity { get; private init; }

    /// <summary>Values to write as on the wire: registers big-endian, bits packed with the lowest address in bit
    /// 0.</summary>
    public ReadOnlyMemory<byte> Data { get; private init; }

    /// <summary>Number of data bytes that the answer must carry; 0 where it is an echo.</summary>
    public int AnswerBytes => Function switch
    {
        ModbusFunction.ReadCoils or ModbusFunction.ReadDiscreteInputs => (Quantity + 7) / 8,
        ModbusFunction.ReadHoldingRegisters or ModbusFunction.ReadInputRegisters
            or ModbusFunction.ReadWriteMultipleRegisters => Quantity * 2,
        _ => 0,
    };

    /// <summary>Reads from any of the four tables (functions 1 to 4).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Quantity is 0 or beyond the limit, or the span passes address
    /// 65535.</exception>
    public static ModbusRequest Read(ModbusTable table, int address, int quantity) => table switch
    {
        ModbusTable.Coils => Read(ModbusFunction.ReadCoils, address, quantity, ModbusLimits.ReadBits),
        ModbusTable.DiscreteInputs => Read(ModbusFunction.ReadDiscreteInputs, address, quantity, ModbusLimits.ReadBits),
        ModbusTable.InputRegisters =>
        Read(ModbusFunction.ReadInputRegisters, address, quantity, ModbusLimits.ReadRegisters),
        ModbusTable.HoldingRegisters =>
        Read(ModbusFunction.ReadHoldingRegisters, address, quantity, ModbusLimits.ReadRegisters),
        _ => throw new ArgumentOutOfRangeException(nameof(table), table, "there are four tables"),
    };

    /// <summary>Switches one coil (function 5).</summary>
    public static ModbusRequest WriteSingleCoil(int address, bool on) => new()
    {
        Function = ModbusFunction.WriteSingleCoil,
        Address = Span(address, 1, 1),
        Value = on ? (ushort)0xFF00 : (ushort)0,
    };

    /// <summary>Writes one register (function 6).</summary>
    public static ModbusRequest WriteSingleRegister(int address, ushort value) => new()
    {
        Function = ModbusFunction.WriteSingleRegister,
        Address = Span(address, 1, 1),
        Value = value,
    };

    /// <summary>Writes coils (function 15); <paramref name="packed"/> holds the lowest address in bit 0 of its first
    /// byte.</summary>
    /// <exception cref="ArgumentException">The quantity is beyond the limit or does not go with the bytes.</exception>
    public static ModbusRequest WriteMultipleCoils(int address, int quantity, ReadOnlyMemory<byte> packed) => new()
    {
        Function = ModbusFunction.WriteMultipleCoils,
        Address = Span(address, quantity, ModbusLimits.WriteBits),
        Quantity = (ushort)quantity,
        Data = packed.Length == (quantity + 7) / 8 ? packed
            : throw new ArgumentException($"{quantity} coils need {(quantity + 7) / 8} bytes, not {packed.Length}",
                nameof(packed)),
    };

    /// <summary>Writes registers (function 16), two big-endian bytes each.</summary>
    /// <exception cref="ArgumentException">The number of bytes is odd, 0 or beyond the limit.</exception>
    public static ModbusRequest WriteMultipleRegisters(int address, ReadOnlyMemory<byte> registers) => new()
    {
        Function = ModbusFunction.WriteMultipleRegisters,
        Address = Span(address, Registers(registers), ModbusLimits.WriteRegisters),
        Quantity = (ushort)(registers.Length / 2),
        Data = registers,
    };

    /// <summary>Changes single bits of a register (function 22): result = (current AND andMask) OR (orMask AND NOT
    /// andMask).</summary>
    public static ModbusRequest MaskWriteRegister(int address, ushort andMask, ushort orMask) => new()
    {
        Function = ModbusFunction.MaskWriteRegister,
        Address = Span(address, 1, 1),
        Value = andMask,
        OrMask = orMask,
    };

    /// <summary>Writes registers, then reads registers, in one transaction (function 23).</summary>
    /// <exception cref="ArgumentException">A quantity is 0 or beyond its limit, or the bytes are odd.</exception>
    public static ModbusRequest ReadWriteMultipleRegisters(
        int readAddress, int readQuantity, int writeAddress, ReadOnlyMemory<byte> registers) => new()
        {
            Function = ModbusFunction.ReadWriteMultipleRegisters,
            Address = Span(readAddress, readQuantity, ModbusLimits.ReadWriteReadRegisters),
            Quantity = (ushort)readQuantity,
            WriteAddress = Span(writeAddress, Registers(registers), ModbusLimits.ReadWriteWriteRegisters),
            WriteQuantity = (ushort)(registers.Length / 2),
            Data = registers,
        };

    private static ModbusRequest Read(ModbusFunction function, int address, int quantity, int limit) => new()
    {
        Function = function,
        Address = Span(address, quantity, limit),
        Quantity = (ushort)quantity,
    };

    private static ushort Span(int address, int quantity, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quantity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quantity, limit);
        ArgumentOutOfRangeException.ThrowIfNegative(address);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(address, ModbusLimits.Addresses - quantity);
        return (ushort)address;
    }

    private static int Registers(ReadOnlyMemory<byte> registers) => registers.Length % 2 == 0
        ? registers.Length / 2
        : throw new ArgumentException("a register has two bytes", nameof(registers));
}
