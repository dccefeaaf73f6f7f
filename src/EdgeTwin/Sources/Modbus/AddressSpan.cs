using EdgeTwin.Modbus;

namespace EdgeTwin.Sources.Modbus;

/// <summary>Neighbouring addresses of one table, <paramref name="End"/> not among them.</summary>
internal readonly record struct AddressSpan(ModbusTable Table, int Start, int End)
{
    public int Length => End - Start;

    public bool Contains(AddressSpan other) => Table == other.Table && Start <= other.Start && End >= other.End;

    public override string ToString() => Length == 1
        ? new ModbusAddress(Table, Start, null).ToString()
        : $"{new ModbusAddress(Table, Start, null)}-{End - 1}";
}
