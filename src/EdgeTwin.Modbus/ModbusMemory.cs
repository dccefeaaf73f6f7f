namespace EdgeTwin.Modbus;

/// <summary>
/// Four tables in memory, the same for every unit, each from address 0 up to its size; what lies beyond does not exist.
/// </summary>
public sealed class ModbusMemory : IModbusDataStore
{
    private readonly Lock gate = new();   // guards the four tables
    private readonly bool[] coils;
    private readonly bool[] discreteInputs;
    private readonly ushort[] inputRegisters;
    private readonly ushort[] holdingRegisters;

    /// <summary>Creates tables of zeros.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative or beyond 65536.</exception>
    public ModbusMemory(int coils, int discreteInputs, int inputRegisters, int holdingRegisters)
    {
        this.coils = new bool[Size(coils)];
        this.discreteInputs = new bool[Size(discreteInputs)];
        this.inputRegisters = new ushort[Size(inputRegisters)];
        this.holdingRegisters = new ushort[Size(holdingRegisters)];
    }

    /// <summary>Gets a bit.</summary>
    public bool GetBit(ModbusTable table, int address)
    {
        lock (gate) return Bits(table)[address];
    }

    /// <summary>Sets a bit.</summary>
    public void SetBit(ModbusTable table, int address, bool on)
    {
        lock (gate) Bits(table)[address] = on;
    }

    /// <summary>Gets a register.</summary>
    public ushort GetRegister(ModbusTable table, int address)
    {
        lock (gate) return Registers(table)[address];
    }

    /// <summary>Sets registers, all at once as clients see it.</summary>
    public void SetRegisters(ModbusTable table, int address, params ReadOnlySpan<ushort> values)
    {
        lock (gate) values.CopyTo(Registers(table).AsSpan(address));
    }

    /// <inheritdoc/>
    public ModbusExceptionCode ReadBits(byte unit, ModbusTable table, int address, int quantity, Span<byte> packed)
    {
        lock (gate)
        {
            var bits = Bits(table);
            if (address + quantity > bits.Length) return ModbusExceptionCode.IllegalDataAddress;
            for (var i = 0; i < quantity; i++) RegisterCodec.WritePackedBit(packed, i, bits[address + i]);
        }

        return ModbusExceptionCode.None;
    }

    /// <inheritdoc/>
    public ModbusExceptionCode ReadRegisters(byte unit, ModbusTable table, int address, Span<byte> registers)
    {
        lock (gate)
        {
            var source = Registers(table);
            if (address + registers.Length / 2 > source.Length) return ModbusExceptionCode.IllegalDataAddress;
            for (var i = 0; i < registers.Length; i += 2)
                RegisterCodec.WriteUInt16(registers[i..], source[address + i / 2], RegisterOrder.Abcd);
        }

        return ModbusExceptionCode.None;
    }

    /// <inheritdoc/>
    public ModbusExceptionCode WriteCoils(byte unit, int address, int quantity, ReadOnlySpan<byte> packed)
    {
        lock (gate)
        {
            if (address + quantity > coils.Length) return ModbusExceptionCode.IllegalDataAddress;
            for (var i = 0; i < quantity; i++) coils[address + i] = RegisterCodec.ReadPackedBit(packed, i);
        }

        return ModbusExceptionCode.None;
    }

    /// <inheritdoc/>
    public ModbusExceptionCode WriteRegisters(byte unit, int address, ReadOnlySpan<byte> registers)
    {
        lock (gate)
        {
            if (address + registers.Length / 2 > holdingRegisters.Length) return ModbusExceptionCode.IllegalDataAddress;
            for (var i = 0; i < registers.Length; i += 2)
                holdingRegisters[address + i / 2] = RegisterCodec.ReadUInt16(registers[i..], RegisterOrder.Abcd);
        }

        return ModbusExceptionCode.None;
    }

    /// <inheritdoc/>
    public ModbusExceptionCode MaskWriteRegister(byte unit, int address, ushort andMask, ushort orMask)
    {
        lock (gate)
        {
            if (address >= holdingRegisters.Length) return ModbusExceptionCode.IllegalDataAddress;
            holdingRegisters[address] = (ushort)((holdingRegisters[address] & andMask) | (orMask & ~andMask));
        }

        return ModbusExceptionCode.None;
    }

    private static int Size(int size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, ModbusLimits.Addresses);
        return size;
    }

    private bool[] Bits(ModbusTable table) => table switch
    {
        ModbusTable.Coils => coils,
        ModbusTable.DiscreteInputs => discreteInputs,
        _ => throw new ArgumentOutOfRangeException(nameof(table), table, "this table holds registers"),
    };

    private ushort[] Registers(ModbusTable table) => table switch
    {
        ModbusTable.InputRegisters => inputRegisters,
        ModbusTable.HoldingRegisters => holdingRegisters,
        _ => throw new ArgumentOutOfRangeException(nameof(table), table, "this table holds bits"),
    };
}
