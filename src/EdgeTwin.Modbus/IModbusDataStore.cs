namespace EdgeTwin.Modbus;

/// <summary>
/// The data behind a <see cref="ModbusServer"/>. Called by several connections at once; must not block. Spans of
/// addresses never pass 65535, and quantities never their limits. Bits are packed with the lowest address in bit 0 of
/// the first byte, registers are two big-endian bytes each.
/// </summary>
public interface IModbusDataStore
{
    /// <summary>Fills the bits of coils or discrete inputs; the padding bits of the last byte are 0 already.</summary>
    ModbusExceptionCode ReadBits(byte unit, ModbusTable table, int address, int quantity, Span<byte> packed);

    /// <summary>Fills the bytes of holding or input registers.</summary>
    ModbusExceptionCode ReadRegisters(byte unit, ModbusTable table, int address, Span<byte> registers);

    /// <summary>Writes all coils or, when it refuses, none.</summary>
    ModbusExceptionCode WriteCoils(byte unit, int address, int quantity, ReadOnlySpan<byte> packed);

    /// <summary>Writes all holding registers or, when it refuses, none.</summary>
    ModbusExceptionCode WriteRegisters(byte unit, int address, ReadOnlySpan<byte> registers);

    /// <summary>Changes a holding register as function 22 does, atomically.</summary>
    ModbusExceptionCode MaskWriteRegister(byte unit, int address, ushort andMask, ushort orMask);
}
