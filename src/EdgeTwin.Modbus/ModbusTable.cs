namespace EdgeTwin.Modbus;

/// <summary>The four tables of the Modbus data model (Modbus Application Protocol V1.1b3 §4.3).</summary>
public enum ModbusTable
{
    /// <summary>Bits that can be read and written.</summary>
    Coils,

    /// <summary>Bits that can only be read.</summary>
    DiscreteInputs,

    /// <summary>16-bit registers that can only be read.</summary>
    InputRegisters,

    /// <summary>16-bit registers that can be read and written.</summary>
    HoldingRegisters,
}
