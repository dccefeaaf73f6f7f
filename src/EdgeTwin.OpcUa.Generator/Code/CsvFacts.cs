using System.Globalization;

namespace EdgeTwin.OpcUa.Generator.Code;

/// <summary>The embedded tables of names and numbers: what the specification assigns and the nodeset does not
/// carry.</summary>
internal static class CsvFacts
{
    public static IReadOnlyList<(string Name, uint Value)> Read(string resource)
    {
        using var stream = typeof(CsvFacts).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The resource '{resource}' is missing from the generator.");
        using var reader = new StreamReader(stream);
        var rows = new List<(string, uint)>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Split(',') is not [var name, var value])
                throw new InvalidDataException($"{resource}: '{line}' is not 'Name,Value'.");
            rows.Add((name, value.StartsWith("0x", StringComparison.Ordinal)
                ? uint.Parse(value.AsSpan(2), NumberStyles.HexNumber)
                : uint.Parse(value)));
        }

        return rows;
    }
}
