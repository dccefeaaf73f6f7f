namespace EdgeTwin.OpcUa.Generator.Code;

/// <summary>Writes <c>StatusCodes</c>: a constant per code, and the name of a code.</summary>
internal static class StatusCodesWriter
{
    public static string Write()
    {
        var codes = CsvFacts.Read("StatusCodes.csv");
        var text = new CodeText();
        text.Line();
        text.Summary("The status codes of OPC UA (OPC 10000-4 §7.38, OPC 10000-6 annex A).");
        text.Open("public static class StatusCodes");
        foreach (var (name, value) in codes)
        {
            text.Summary($"{name}, 0x{value:X8}.");
            text.Line($"public const uint {name} = 0x{value:X8};");
        }

        text.Line();
        text.Summary("The name of a code; null when it is not one of these. Its info bits do not count.");
        text.Open("internal static string? Name(uint code) => (code & 0xFFFF_0000) switch");
        foreach (var (name, _) in codes) text.Line($"{name} => nameof({name}),");
        text.Line("_ => null,");
        text.Close(";");
        text.Close();
        return text.ToString();
    }
}
