using EdgeTwin.Tags;

namespace EdgeTwin.Tests.Configuration;

public class EngineeringUnitsTests
{
    [Theory]
    [InlineData("bar", 1e5, "BAR")]
    [InlineData("mbar", 100, "MBR")]
    [InlineData("kPa", 1e3, "KPA")]
    [InlineData("MPa", 1e6, "MPA")]
    [InlineData("psi", 6894.757293168, "PS")]
    [InlineData("L/min", 1e-3 / 60, "L2")]
    [InlineData("l/min", 1e-3 / 60, "L2")]
    [InlineData("m3/h", 1.0 / 3600, "MQH")]
    [InlineData("m³/h", 1.0 / 3600, "MQH")]
    [InlineData("L/s", 1e-3, "G51")]
    [InlineData("m/s", 1, "MTS")]
    [InlineData("mm/s", 1e-3, "C16")]
    [InlineData("m/s2", 1, "MSK")]
    [InlineData("m/s^2", 1, "MSK")]
    [InlineData("g", 9.80665, "K40")]
    [InlineData("kg", 1, "KGM")]
    [InlineData("gram", 1e-3, "GRM")]
    [InlineData("mg/L", 1e-3, "M1")]
    [InlineData("rpm", 1.0 / 60, "RPM")]
    [InlineData("1/min", 1.0 / 60, "RPM")]
    [InlineData("Hz", 1, "HTZ")]
    [InlineData("%", 0.01, "P1")]
    [InlineData("mV", 1e-3, "2Z")]
    [InlineData("mA", 1e-3, "4K")]
    [InlineData("kW", 1e3, "KWT")]
    [InlineData("MW", 1e6, "MAW")]
    [InlineData("mW", 1e-3, "C31")]
    [InlineData("Wh", 3600, "WHR")]
    [InlineData("kWh", 3.6e6, "KWH")]
    [InlineData("kW·h", 3.6e6, "KWH")]
    [InlineData("Nm", 1, "NU")]
    [InlineData("kN", 1e3, "B47")]
    [InlineData("ms", 1e-3, "C26")]
    [InlineData("min", 60, "MIN")]
    [InlineData("h", 3600, "HUR")]
    [InlineData("L", 1e-3, "LTR")]
    [InlineData("m3", 1, "MTQ")]
    [InlineData("kg/h", 1.0 / 3600, "E93")]
    [InlineData("ppm", 1e-6, "59")]
    [InlineData("pH", 1, "Q30")]
    [InlineData("dB", 1, "2N")]
    [InlineData("µS/cm", 1e-4, "G42")]
    [InlineData("\u03BCS/cm", 1e-4, "G42")]
    [InlineData("uS/cm", 1e-4, "G42")]
    [InlineData("\u2126", 1, "OHM")]
    [InlineData("lx", 1, "LUX")]
    [InlineData("J/(kg·K)", 1, "B11")]
    [InlineData("J/(kg*K)", 1, "B11")]
    [InlineData("Pa.s", 1, "C65")]
    [InlineData("°/s", Math.PI / 180, "E96")]
    [InlineData("ft³/min", 0.3048 * 0.3048 * 0.3048 / 60, "2L")]
    [InlineData("cfm", 0.3048 * 0.3048 * 0.3048 / 60, "2L")]
    [InlineData("kg·m2", 1, null)]
    [InlineData("s⁻¹", 1, null)]
    public void A_unit_has_its_factor_and_code(string symbol, double factor, string? code)
    {
        Assert.True(EngineeringUnits.TryParse(symbol, out var unit));
        Assert.Equal(1, unit.Factor / factor, 1e-12);
        Assert.Equal(code, unit.UneceCode);
        Assert.Equal(symbol, unit.Symbol);
    }

    [Theory]
    [InlineData("°C", 25, 298.15)]
    [InlineData("degC", -273.15, 0)]
    [InlineData("°F", 212, 373.15)]
    [InlineData("K", 5, 5)]
    public void A_temperature_converts_with_its_zero(string symbol, double value, double kelvin)
    {
        Assert.True(EngineeringUnits.TryParse(symbol, out var unit));
        Assert.Equal(kelvin, value * unit.Factor + unit.Offset, 1e-9);
    }

    [Fact]
    public void In_a_compound_a_temperature_is_a_difference()
    {
        Assert.True(EngineeringUnits.TryParse("°C/min", out var unit));
        Assert.Equal((0.0, "H13"), (unit.Offset, unit.UneceCode));
    }

    [Theory]
    [InlineData("L/min", "m3/s")]
    [InlineData("N/m2", "Pa")]
    [InlineData("V·A", "W")]
    [InlineData("kgf/cm2", "bar")]
    [InlineData("J/s", "kW")]
    [InlineData("Ω·A", "V")]
    [InlineData("g", "m/s²")]
    [InlineData("g/L", "kg/m3")]
    [InlineData("A·s", "C")]
    [InlineData("1/Ω", "S")]
    public void Units_of_one_quantity_have_one_dimension(string one, string other)
    {
        Assert.True(EngineeringUnits.TryParse(one, out var first));
        Assert.True(EngineeringUnits.TryParse(other, out var second));
        Assert.Equal(first.Dimension, second.Dimension);
    }

    [Theory]
    [InlineData("")]
    [InlineData("L//min")]
    [InlineData("L/")]
    [InlineData("/min")]
    [InlineData("()")]
    [InlineData("(bar)")]
    [InlineData("m9")]
    [InlineData("2")]
    [InlineData("kk")]
    [InlineData("KW")]
    [InlineData("k%")]
    [InlineData("((m/s)/s)")]
    [InlineData("J/(kg·K")]
    [InlineData("m·m·m·m·m·m·m·m·m·m·m·m·m·m·m·m·m")]
    public void What_is_no_unit_is_refused(string symbol) => Assert.False(EngineeringUnits.TryParse(symbol, out _));

    [Theory]
    [InlineData("KW", "kW")]
    [InlineData("L/mim", "L/min")]
    [InlineData("Lmin", "L/min")]
    [InlineData("barr", "bar")]
    [InlineData("m3h", "m3/h")]
    [InlineData("hz", "Hz")]
    [InlineData("furlong", null)]
    public void The_nearest_unit_is_the_one_that_was_meant(string symbol, string? expected) =>
        Assert.Equal(expected, EngineeringUnits.Nearest(symbol));

    [Fact]
    public void Every_symbol_that_is_suggested_is_a_unit_and_every_code_is_reached()
    {
        foreach (var symbol in EngineeringUnits.KnownSymbols())
        {
            Assert.True(EngineeringUnits.TryParse(symbol, out var unit), symbol);
            Assert.True(double.IsFinite(unit.Factor) && unit.Factor > 0, symbol);
        }

        foreach (var (symbol, code) in UnitTable.Codes)
        {
            // "g" alone is the acceleration; the gram has its own word.
            Assert.True(EngineeringUnits.TryParse(symbol == "g" ? "gram" : symbol, out var unit), symbol);
            Assert.Equal(code, unit.UneceCode);
        }
    }
}
