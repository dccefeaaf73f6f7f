namespace EdgeTwin.Tags;

/// <summary>
/// The units that plants write, and the codes that UN/ECE recommendation 20 gives them (the rows of OPC UA's
/// UNECE_to_OPCUA.csv that occur here). Factors: BIPM SI brochure, 9th edition; NIST SP 811 appendix B for the rest.
/// </summary>
internal static class UnitTable
{
    private const string All = "nµmkMG";
    private const string Metric = "nµmcdk";

    private static readonly Dimension Length = new(Metre: 1);
    private static readonly Dimension Volume = new(Metre: 3);
    private static readonly Dimension Mass = new(Kilogram: 1);
    private static readonly Dimension Time = new(Second: 1);
    private static readonly Dimension Frequency = new(Second: -1);
    private static readonly Dimension Force = new(1, 1, -2);
    private static readonly Dimension Pressure = new(-1, 1, -2);
    private static readonly Dimension Energy = new(2, 1, -2);
    private static readonly Dimension Power = new(2, 1, -3);
    private static readonly Dimension Voltage = new(2, 1, -3, -1);
    private static readonly Dimension Current = new(Ampere: 1);
    private static readonly Dimension Temperature = new(Kelvin: 1);

    private static Dimension None => default;

    public static IReadOnlyList<UnitEntry> Entries { get; } =
    [
        new("1", None, 1), new("%", None, 0.01), new("‰", None, 0.001), new("ppm", None, 1e-6), new("ppb", None, 1e-9),
        // Logarithmic and conventional scales: they convert to nothing but themselves.
        new("pH", None, 1), new("dB", None, 1), new("dB(A)", None, 1), new("NTU", None, 1),
        new("rad", None, 1, Prefixes: "µm"), new("°", None, Math.PI / 180), new("bit", None, 1),

        new("m", Length, 1, Prefixes: Metric), new("in", Length, 0.0254), new("ft", Length, 0.3048),
        new("l", Volume, 1e-3, Prefixes: "µmcdh"), new("gal", Volume, 3.785411784e-3),
        new("g", Mass, 1e-3, Prefixes: "nµmk"), new("t", Mass, 1000, Prefixes: "k"),
        new("lb", Mass, 0.45359237), new("oz", Mass, 0.028349523125),

        new("s", Time, 1, Prefixes: "nµm"), new("min", Time, 60), new("h", Time, 3600), new("d", Time, 86400),
        new("Hz", Frequency, 1, Prefixes: "mkMG"),
        // A revolution counts as 1, as UN/ECE has it: rpm converts to Hz. Angular velocity is written rad/s.
        new("r/min", Frequency, 1.0 / 60), new("r/s", Frequency, 1),
        // Standard acceleration of free fall, ISO 80000-3.
        new("gn", new(1, 0, -2), 9.80665, Prefixes: "µm"),

        new("N", Force, 1, Prefixes: All), new("kgf", Force, 9.80665), new("lbf", Force, 4.4482216152605),
        new("Pa", Pressure, 1, Prefixes: "µmhkMG"), new("bar", Pressure, 1e5, Prefixes: "µm"),
        new("psi", Pressure, 6894.757293168), new("atm", Pressure, 101325), new("at", Pressure, 98066.5),
        new("Torr", Pressure, 101325.0 / 760), new("mmHg", Pressure, 133.322387415),
        new("inH₂O", Pressure, 249.08891), new("mmH₂O", Pressure, 9.80665),
        new("P", new(-1, 1, -1), 0.1, Prefixes: "mc"),

        new("J", Energy, 1, Prefixes: All), new("W·h", Energy, 3600, Prefixes: "mkMG"),
        new("cal", Energy, 4.184, Prefixes: "k"),
        new("N·m", Energy, 1, Prefixes: "mkM"), new("W", Power, 1, Prefixes: All), new("hp", Power, 745.69987158227),
        new("V·A", Power, 1, Prefixes: "mkM"), new("var", Power, 1, Prefixes: "kM"),
        new("var·h", Energy, 3600, Prefixes: "kM"),

        new("V", Voltage, 1, Prefixes: "nµmkM"), new("A", Current, 1, Prefixes: "nµmk"),
        new("A·h", new(Second: 1, Ampere: 1), 3600, Prefixes: "mk"),
        new("C", new(Second: 1, Ampere: 1), 1, Prefixes: "nµm"),
        new("Ω", new(2, 1, -3, -2), 1, Prefixes: "µmkMG"), new("S", new(-2, -1, 3, 2), 1, Prefixes: "nµm"),
        new("F", new(-2, -1, 4, 2), 1, Prefixes: "nµm"), new("H", new(2, 1, -2, -2), 1, Prefixes: "nµm"),
        new("Wb", new(2, 1, -2, -1), 1, Prefixes: "m"), new("T", new(0, 1, -2, -1), 1, Prefixes: "nµm"),

        new("K", Temperature, 1, Prefixes: "m"), new("°C", Temperature, 1, 273.15),
        new("°F", Temperature, 5.0 / 9, 459.67 * 5 / 9),
        new("mol", new(Mole: 1), 1, Prefixes: "µmk"), new("cd", new(Candela: 1), 1, Prefixes: "m"),
        new("lm", new(Candela: 1), 1, Prefixes: "k"), new("lx", new(Metre: -2, Candela: 1), 1, Prefixes: "mk"),
        new("Bq", Frequency, 1, Prefixes: "kMG"),
    ];

    /// <summary>Other spellings of the symbols above, alone or inside a compound.</summary>
    public static IReadOnlyDictionary<string, string> Aliases { get; } = new Dictionary<string,
        string>(StringComparer.Ordinal)
    {
        ["degC"] = "°C", ["℃"] = "°C", ["degF"] = "°F", ["℉"] = "°F", ["deg"] = "°", ["Kelvin"] = "K",
        ["L"] = "l", ["litre"] = "l", ["liter"] = "l", ["gram"] = "g", ["tonne"] = "t", ["ohm"] = "Ω", ["Ohm"] = "Ω",
        ["rpm"] = "r/min", ["U/min"] = "r/min", ["1/min"] = "r/min", ["min⁻¹"] = "r/min", ["rps"] = "r/s",
        ["g0"] = "gn", ["g_n"] = "gn", ["percent"] = "%", ["pct"] = "%", ["dBA"] = "dB(A)",
        ["sec"] = "s", ["hr"] = "h", ["day"] = "d", ["days"] = "d", ["Nm"] = "N·m", ["Wh"] = "W·h", ["VA"] = "V·A",
        ["Ah"] = "A·h",
        ["VAr"] = "var", ["varh"] = "var·h", ["PSI"] = "psi", ["inH2O"] = "inH₂O", ["mmH2O"] = "mmH₂O",
        ["mmWC"] = "mmH₂O",
        ["lbs"] = "lb", ["cfm"] = "ft³/min", ["gpm"] = "gal/min", ["ccm"] = "cm³", ["cbm"] = "m³",
    };

    /// <summary>UN/ECE common code by the canonical symbol.</summary>
    public static IReadOnlyDictionary<string, string> Codes { get; } = new Dictionary<string,
        string>(StringComparer.Ordinal)
    {
        ["1"] = "C62", ["%"] = "P1", ["ppm"] = "59", ["pH"] = "Q30", ["dB"] = "2N", ["rad"] = "C81", ["°"] = "DD",
        ["bit"] = "A99",
        ["m"] = "MTR", ["km"] = "KMT", ["cm"] = "CMT", ["mm"] = "MMT", ["µm"] = "4H", ["in"] = "INH", ["ft"] = "FOT",
        ["m²"] = "MTK", ["cm²"] = "CMK", ["mm²"] = "MMK", ["m³"] = "MTQ", ["cm³"] = "CMQ", ["l"] = "LTR",
        ["ml"] = "MLT",
        ["kg"] = "KGM", ["g"] = "GRM", ["mg"] = "MGM", ["t"] = "TNE", ["lb"] = "LBR", ["oz"] = "ONZ",
        ["s"] = "SEC", ["ms"] = "C26", ["µs"] = "B98", ["ns"] = "C47", ["min"] = "MIN", ["h"] = "HUR", ["d"] = "DAY",
        ["Hz"] = "HTZ", ["kHz"] = "KHZ", ["MHz"] = "MHZ", ["GHz"] = "A86", ["r/min"] = "RPM", ["r/s"] = "RPS",
        ["rad/s"] = "2A", ["°/s"] = "E96", ["m/s"] = "MTS", ["mm/s"] = "C16", ["km/h"] = "KMH", ["m/s²"] = "MSK",
        ["gn"] = "K40",
        ["N"] = "NEW", ["kN"] = "B47", ["N·m"] = "NU", ["N/m"] = "4P", ["Pa"] = "PAL", ["hPa"] = "A97", ["kPa"] = "KPA",
        ["MPa"] = "MPA", ["bar"] = "BAR", ["mbar"] = "MBR", ["atm"] = "ATM", ["at"] = "ATT", ["Torr"] = "UA",
        ["inH₂O"] = "F78",
        ["kgf/cm²"] = "E42", ["Pa·s"] = "C65", ["cP"] = "C7", ["J"] = "JOU", ["kJ"] = "KJO", ["MJ"] = "3B",
        ["W·h"] = "WHR",
        ["kW·h"] = "KWH", ["W"] = "WTT", ["kW"] = "KWT", ["MW"] = "MAW", ["GW"] = "A90", ["mW"] = "C31",
        ["V·A"] = "D46",
        ["kV·A"] = "KVA", ["var"] = "D44", ["kvar"] = "KVR", ["V"] = "VLT", ["kV"] = "KVT", ["mV"] = "2Z",
        ["A"] = "AMP",
        ["mA"] = "4K", ["µA"] = "B84", ["C"] = "COU", ["F"] = "FAR", ["µF"] = "4O", ["H"] = "81", ["Wb"] = "WEB",
        ["T"] = "D33",
        ["S/m"] = "D10", ["S/cm"] = "H43", ["mS/cm"] = "H61", ["µS/cm"] = "G42", ["K"] = "KEL", ["°C"] = "CEL",
        ["°F"] = "FAH",
        ["mol"] = "C34", ["mol/l"] = "C38", ["cd"] = "CDL", ["lm"] = "LUM", ["lx"] = "LUX", ["Bq"] = "BQL",
        ["Ω"] = "OHM",
        ["kg/s"] = "KGS", ["kg/h"] = "E93", ["m³/s"] = "MQS", ["m³/h"] = "MQH", ["m³/min"] = "G53", ["l/min"] = "L2",
        ["l/s"] = "G51", ["l/h"] = "E32", ["kg/m³"] = "KMQ", ["mg/l"] = "M1", ["W/m²"] = "D54", ["J/kg"] = "J2",
        ["kJ/kg"] = "B42",
        ["psi"] = "PS", ["kΩ"] = "B49", ["MΩ"] = "B75", ["g/l"] = "GL", ["nm"] = "C45", ["mrad"] = "C25",
        ["µg"] = "MC", ["lbf"] = "C78",
        ["kgf"] = "B37", ["kN·m"] = "B48", ["mmHg"] = "HN", ["mPa·s"] = "C24", ["°C/min"] = "H13", ["K/min"] = "F11",
        ["K/s"] = "F12",
        ["MW·h"] = "MWH", ["A·h"] = "AMH", ["mA·h"] = "E09", ["S"] = "SIE", ["mS"] = "C27", ["µS"] = "B99",
        ["W/(m·K)"] = "D53",
        ["J/(kg·K)"] = "B11", ["ppb"] = "61", ["‰"] = "NX", ["N/mm²"] = "C56", ["ft³/min"] = "2L", ["kvar·h"] = "K3",
        ["kA"] = "B22",
        ["µV"] = "D82",
    };
}
