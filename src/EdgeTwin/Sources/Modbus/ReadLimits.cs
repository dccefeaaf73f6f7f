using EdgeTwin.Modbus;

namespace EdgeTwin.Sources.Modbus;

/// <summary>How much one request may read, and how much of it for nothing.</summary>
internal readonly record struct ReadLimits(int MaxRegisters, int MaxBits, int MaxGap)
{
    public int Most(ModbusTable table) => IsBits(table) ? MaxBits : MaxRegisters;

    /// <summary>Bits come sixteen to the size of a register.</summary>
    public int Gap(ModbusTable table) => IsBits(table) ? MaxGap * 16 : MaxGap;

    private static bool IsBits(ModbusTable table) => table is ModbusTable.Coils or ModbusTable.DiscreteInputs;
}
