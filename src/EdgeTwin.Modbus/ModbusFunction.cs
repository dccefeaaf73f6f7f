namespace EdgeTwin.Modbus;

/// <summary>Function codes that client and server speak (Modbus Application Protocol V1.1b3 §5.1).</summary>
public enum ModbusFunction : byte
{
    /// <summary>No function; the default of a request that was never made.</summary>
    None = 0,

    /// <summary>§6.1</summary>
    ReadCoils = 1,

    /// <summary>§6.2</summary>
    ReadDiscreteInputs = 2,

    /// <summary>§6.3</summary>
    ReadHoldingRegisters = 3,

    /// <summary>§6.4</summary>
    ReadInputRegisters = 4,

    /// <summary>§6.5</summary>
    WriteSingleCoil = 5,

    /// <summary>§6.6</summary>
    WriteSingleRegister = 6,

    /// <summary>§6.11</summary>
    WriteMultipleCoils = 15,

    /// <summary>§6.12</summary>
    WriteMultipleRegisters = 16,

    /// <summary>§6.16</summary>
    MaskWriteRegister = 22,

    /// <summary>§6.17</summary>
    ReadWriteMultipleRegisters = 23,
}
