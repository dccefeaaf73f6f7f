namespace EdgeTwin.Modbus;

/// <summary>Sizes that the specifications fix; every length from the wire is held against one of them before it is
/// used.</summary>
public static class ModbusLimits
{
    /// <summary>Longest protocol data unit in bytes: 256 of RS485 less unit and CRC (V1.1b3 §4.1).</summary>
    public const int PduBytes = 253;

    /// <summary>Addresses of each table: 0 … 65535 (V1.1b3 §4.4).</summary>
    public const int Addresses = 65536;

    /// <summary>Most bits of one read (V1.1b3 §6.1, §6.2).</summary>
    public const int ReadBits = 2000;

    /// <summary>Most registers of one read (V1.1b3 §6.3, §6.4).</summary>
    public const int ReadRegisters = 125;

    /// <summary>Most coils of one write (V1.1b3 §6.11).</summary>
    public const int WriteBits = 1968;

    /// <summary>Most registers of one write (V1.1b3 §6.12).</summary>
    public const int WriteRegisters = 123;

    /// <summary>Most registers read by function 23 (V1.1b3 §6.17).</summary>
    public const int ReadWriteReadRegisters = 125;

    /// <summary>Most registers written by function 23 (V1.1b3 §6.17).</summary>
    public const int ReadWriteWriteRegisters = 121;
}
