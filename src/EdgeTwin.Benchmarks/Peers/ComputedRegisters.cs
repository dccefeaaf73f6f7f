using EdgeTwin.Modbus;

namespace EdgeTwin.Benchmarks.Peers;

/// <summary>A device whose registers are computed when they are read, and that has nothing else.</summary>
internal abstract class ComputedRegisters : IModbusDataStore
{
    public abstract ModbusExceptionCode ReadRegisters(byte unit, ModbusTable table, int address, Span<byte> registers);

    public ModbusExceptionCode ReadBits(byte unit, ModbusTable table, int address, int quantity, Span<byte> packed) =>
        ModbusExceptionCode.IllegalFunction;

    public ModbusExceptionCode WriteCoils(byte unit, int address, int quantity, ReadOnlySpan<byte> packed) =>
        ModbusExceptionCode.IllegalFunction;

    public ModbusExceptionCode WriteRegisters(byte unit, int address, ReadOnlySpan<byte> registers) =>
        ModbusExceptionCode.IllegalFunction;

    public ModbusExceptionCode MaskWriteRegister(byte unit, int address, ushort andMask, ushort orMask) =>
        ModbusExceptionCode.IllegalFunction;
}
