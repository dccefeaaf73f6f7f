using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeTwin.Benchmarks.OpcUa;

/// <summary>The name of a load: kind, size, window and security, as <c>read1000</c>, <c>read1_w32</c>,
/// <c>sub10000_b256</c>, <c>connect_b256</c>, <c>browse_folder</c>, <c>write100</c>.</summary>
internal sealed partial record LoadMetric(string Kind, int Size, int Window, bool IsSecure)
{
    /// <exception cref="ArgumentException">There is no such load.</exception>
    public static LoadMetric Parse(string name)
    {
        var match = Names().Match(name);
        if (!match.Success) throw new ArgumentException($"there is no load '{name}'", nameof(name));
        return new LoadMetric(match.Groups["kind"].Value, Number(match.Groups["size"], 0),
            Number(match.Groups["window"], 1),
            match.Groups["secure"].Success);
    }

    private static int Number(Group group, int otherwise) =>
        group.Success && group.Length > 0 ? int.Parse(group.Value, CultureInfo.InvariantCulture) : otherwise;

    [GeneratedRegex("^(?<kind>read|write|sub|connect|browse|idle)(?<size>\\d*)(_folder|_none)?"
        + "(_w(?<window>\\d+))?(?<secure>_b256)?$",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Names();
}
