namespace EdgeTwin.Modbus;

/// <summary>The cyclic redundancy check of serial Modbus: polynomial 0xA001, start 0xFFFF (Serial Line V1.02
/// §6.2.2).</summary>
internal static class Crc16
{
    private static readonly ushort[] Table = MakeTable();

    public static ushort Of(ReadOnlySpan<byte> bytes)
    {
        ushort crc = 0xFFFF;
        foreach (var value in bytes) crc = (ushort)((crc >> 8) ^ Table[(byte)(crc ^ value)]);
        return crc;
    }

    private static ushort[] MakeTable()
    {
        var table = new ushort[256];
        for (var i = 0; i < table.Length; i++)
        {
            var crc = (ushort)i;
            for (var bit = 0; bit < 8; bit++) crc = (ushort)((crc & 1) != 0 ? (crc >> 1) ^ 0xA001 : crc >> 1);
            table[i] = crc;
        }

        return table;
    }
}
