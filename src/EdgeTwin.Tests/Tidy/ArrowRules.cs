using System.Text.RegularExpressions;

namespace EdgeTwin.Tests.Tidy;

/// <summary>Which room may use which. The picture is in docs/architecture.md; this is the same in code.</summary>
internal static partial class ArrowRules
{
    private static readonly string[] Features =
    [
        "Tags", "Assets", "Sources", "Twin", "Prediction", "Scenarios", "Alarms", "Commands", "Journal", "Serving",
        "Upstream", "Brokers", "Diagnostics",
    ];

    private static readonly string[] Everything =
        [.. Features, "Configuration", "Hosting", "Cli", "EdgeTwin.Modbus", "EdgeTwin.Mqtt", "EdgeTwin.OpcUa",
            "EdgeTwin.S7"];

    /// <summary>Room, and what it may use beside itself, Diagnostics and the base library. A room that is not here is
    /// an error.</summary>
    private static readonly Dictionary<string, string[]> MayUse = new()
    {
        // The root puts everything together; nothing uses it back.
        ["Program"] = Everything,
        ["Cli"] = Everything,
        ["Hosting"] = Everything,

        // Binds the records that lie with the features and calls their validators.
        ["Configuration"] = Features,

        // The two faces.
        ["Serving"] = ["Tags", "Assets", "Twin", "Alarms", "Commands", "Scenarios", "Journal", "EdgeTwin.OpcUa"],
        ["Upstream"] = ["Tags", "Assets", "Twin", "Alarms", "Commands", "Scenarios", "Journal", "EdgeTwin.Mqtt",
            "Brokers"],

        // How to reach a broker, for what goes up and what comes in.
        ["Brokers"] = ["Tags", "EdgeTwin.Mqtt"],

        // A driver sees neither twin nor journal, nor another driver: Sources/<X> gets EdgeTwin.<X> below.
        ["Sources"] = ["Tags", "Brokers"],

        ["Commands"] = ["Tags", "Twin", "Sources", "Journal"],
        ["Scenarios"] = ["Tags", "Twin", "Prediction", "Commands"],
        ["Twin"] = ["Tags", "Assets", "Prediction", "Alarms"],
        ["Prediction"] = ["Tags"],
        ["Alarms"] = ["Tags"],
        ["Journal"] = ["Tags"],
        ["Assets"] = ["Tags"],
        ["Tags"] = [],
        ["Diagnostics"] = [],
    };

    private static readonly string[] ProtocolLibraries = ["Modbus", "Mqtt", "OpcUa", "S7", "LinuxIo"];

    /// <summary>Type names of each room, so that <c>Journal.Position</c> without a using is seen too.</summary>
    public static ILookup<string, string> TypesByRoom(IEnumerable<string> paths) => paths
        .Where(static p => p.StartsWith("src/EdgeTwin/", StringComparison.Ordinal) && Room(p) != "Program")
        .ToLookup(Room, static p => Path.GetFileNameWithoutExtension(p));

    /// <summary>Finds the arrows of a file of the gateway that point the wrong way.</summary>
    public static IEnumerable<string> Check(string path, string code, ILookup<string, string> typesByRoom)
    {
        var room = Room(path);
        if (!MayUse.TryGetValue(room, out var allowed))
        {
            yield return $"{path}: room '{room}' is not in the table of arrows";
            yield break;
        }

        foreach (var (line, used) in Uses(code, typesByRoom))
        {
            var target = Target(used);
            if (target == room ? !MayUseInside(path, used) : !Allowed(path, allowed, target))
                yield return $"{path}:{line}: {room} may not use {used}";
        }
    }

    /// <summary>The namespace that follows from a file's folder.</summary>
    public static string Namespace(string path) =>
        string.Join('.', path.Split('/')[1..^1]);

    private static bool Allowed(string path, string[] allowed, string target)
    {
        if (target == "Diagnostics" || allowed.Contains(target)) return true;
        var parts = path.Split('/');
        return parts is [_, _, "Sources", var driver, ..] && target == "EdgeTwin." + driver;
    }

    // Inside Sources, only the contract's own folder (the catalogue) may know the drivers.
    private static bool MayUseInside(string path, string used)
    {
        var parts = path.Split('/');
        return parts is not [_, _, "Sources", var driver, _, ..] || used.Split('.') is not [_, _, var other, ..]
            || other == driver;
    }

    private static string Room(string path) => path.Split('/') is [_, _, var room, _, ..] ? room : "Program";

    private static string Target(string used)
    {
        var first = used.Split('.')[1];
        return ProtocolLibraries.Contains(first) ? "EdgeTwin." + first : first;
    }

    private static IEnumerable<(int Line, string Used)> Uses(string code, ILookup<string, string> typesByRoom)
    {
        foreach (var (number, line) in Repository.Lines(Repository.WithoutCommentsAndStrings(code)))
        {
            if (line.StartsWith("namespace ", StringComparison.Ordinal)) continue;
            foreach (Match m in QualifiedName().Matches(line)) yield return (number, m.Value);
            foreach (Match m in RelativeName().Matches(line))
            {
                if (typesByRoom[m.Groups["room"].Value].Contains(m.Groups["type"].Value))
                    yield return (number, "EdgeTwin." + m.Groups["room"].Value);
            }
        }
    }

    [GeneratedRegex(@"\bEdgeTwin\.[A-Z]\w*(\.[A-Z]\w*)*", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex QualifiedName();

    [GeneratedRegex(@"(?<![\w.])(?<room>[A-Z]\w*)\.(?<type>[A-Z]\w*)", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex RelativeName();
}
