using System.Globalization;
using EdgeTwin.Modbus;

namespace EdgeTwin.Sources.Modbus;

/// <summary>
/// Where a tag lies in a device: <c>coil:N</c>, <c>discrete:N</c>, <c>input:N</c>, <c>holding:N</c>, and
/// <c>holding:N.B</c> or
/// <c>input:N.B</c> for bit B (0 is the least significant) of a register. N counts from 0, as it goes over the wire.
/// </summary>
/// <param name="Table">The table.</param>
/// <param name="Number">Address in the table, 0-65535.</param>
/// <param name="Bit">Bit of a register; null for the whole register, and in tables of bits.</param>
internal readonly record struct ModbusAddress(ModbusTable Table, int Number, int? Bit)
{
    /// <summary>Name, table, what one of them is called, and the vendors' number of the first.</summary>
    private static readonly (string Name, ModbusTable Table, string One, string First)[] Tables =
    [
        ("coil", ModbusTable.Coils, "coil", "00001"),
        ("discrete", ModbusTable.DiscreteInputs, "discrete input", "10001"),
        ("input", ModbusTable.InputRegisters, "register", "30001"),
        ("holding", ModbusTable.HoldingRegisters, "register", "40001"),
    ];

    public bool IsOneBit => Bit is not null || Table is ModbusTable.Coils or ModbusTable.DiscreteInputs;

    /// <summary>Reads an address; on failure the problem says what is wrong and what to write.</summary>
    public static bool TryParse(string text, out ModbusAddress address, out string problem)
    {
        address = default;
        var colon = text.IndexOf(':');
        if (colon < 0)
        {
            problem = $"'{text}' names no table; {Suggestion(text)}";
            return false;
        }

        var name = text[..colon];
        var at = Array.FindIndex(Tables, table => table.Name == name);
        if (at < 0)
        {
            problem = $"there is no table '{name}'; the tables are coil, discrete, input and holding";
            return false;
        }

        return TryParse(text[(colon + 1)..], at, out address, out problem);
    }

    public override string ToString()
    {
        var table = Table;
        return $"{Array.Find(Tables, entry => entry.Table == table).Name}:{Number}{(Bit is { } bit ? $".{bit}" : "")}";
    }

    private static bool TryParse(string rest, int at, out ModbusAddress address, out string problem)
    {
        address = default;
        problem = "";
        var (name, table, one, first) = Tables[at];
        var dot = rest.IndexOf('.');
        var number = dot < 0 ? rest : rest[..dot];
        int? bit = null;
        if (!IsDigits(number))
            problem = $"'{number}' is not a number; write {name}:N with N counted from 0";
        else if (!int.TryParse(number, CultureInfo.InvariantCulture, out var parsed)
            || parsed >= ModbusLimits.Addresses)
        {
            problem = $"{one} {number} is outside 0-{ModbusLimits.Addresses - 1}; "
                + $"addresses count from 0, so the vendor's {first} is 0 here";
        }
        else if (dot >= 0)
        {
            bit = IsDigits(rest[(dot + 1)..])
                && int.TryParse(rest.AsSpan(dot + 1), CultureInfo.InvariantCulture, out var b) ? b : -1;
            if (table is ModbusTable.Coils or ModbusTable.DiscreteInputs)
                problem = $"a {one} is one bit and has no bits of its own; write {name}:{number}";
            else if (bit is < 0 or > 15)
                problem = $"bit {rest[(dot + 1)..]} is outside 0-15; bit 0 is the least significant of the register";
        }

        if (problem.Length > 0) return false;
        address = new ModbusAddress(table, int.Parse(number, CultureInfo.InvariantCulture), bit);
        return true;
    }

    /// <summary>A bare number is mostly the vendor's own notation, with the table in its first digit and counted from
    /// 1.</summary>
    private static string Suggestion(string text)
    {
        if (text.Length is 5 or 6 && IsDigits(text))
        {
            var at = Array.FindIndex(Tables, table => table.First[0] == text[0]);
            var number = int.Parse(text.AsSpan(1), CultureInfo.InvariantCulture) - 1;
            if (at >= 0 && number is >= 0 and < ModbusLimits.Addresses)
                return $"addresses count from 0, so the vendor's {text} is {Tables[at].Name}:{number} here";
        }

        return "write coil:N, discrete:N, input:N or holding:N, with N counted from 0";
    }

    private static bool IsDigits(string text) => text.Length > 0 && text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;
}
