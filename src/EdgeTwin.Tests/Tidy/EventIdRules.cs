using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeTwin.Tests.Tidy;

/// <summary>Event ids of the log, by which an operator filters: unique, and in the range of their room.</summary>
internal static partial class EventIdRules
{
    /// <summary>Folder and the first and last id that its files may use; the longest folder counts.</summary>
    private static readonly (string Folder, int First, int Last)[] Ranges =
    [
        ("src/EdgeTwin.Modbus/", 1000, 1099),
        ("src/EdgeTwin/Sources/Modbus/", 1100, 1149),
        ("src/EdgeTwin/Sources/", 1200, 1299),
        ("src/EdgeTwin.Mqtt/", 1300, 1399),
        ("src/EdgeTwin/Upstream/", 1300, 1399),
        ("src/EdgeTwin/Journal/", 1400, 1499),
        ("src/EdgeTwin/Twin/", 1500, 1599),
        ("src/EdgeTwin/Alarms/", 1500, 1599),
        ("src/EdgeTwin/Prediction/", 1600, 1699),
        ("src/EdgeTwin/Hosting/", 1700, 1799),
        ("src/EdgeTwin.OpcUa/", 2000, 2199),
        ("src/EdgeTwin/Serving/", 2200, 2249),
        ("src/EdgeTwin/Program", 1800, 1899),
        ("src/EdgeTwin/Cli/", 1800, 1899),
    ];

    /// <summary>Every log message of a file as (path:line, id); the id is null where it is not written as a
    /// number.</summary>
    public static IEnumerable<(string Where, int? Id)> Find(string path, string code)
    {
        foreach (Match m in LogMessage().Matches(code))
        {
            var line = code.AsSpan(0, m.Index).Count('\n') + 1;
            var id = m.Groups["id"].Success ? int.Parse(m.Groups["id"].Value, CultureInfo.InvariantCulture)
                : (int?)null;
            yield return ($"{path}:{line}", id);
        }
    }

    public static IEnumerable<string> Check(IEnumerable<(string Where, int? Id)> messages)
    {
        var seen = new Dictionary<int, string>();
        foreach (var (where, id) in messages)
        {
            if (id is not { } number) yield return $"{where}: a log message without a number as its event id";
            else if (!seen.TryAdd(number,
                where)) yield return $"{where}: event id {number} is already used at {seen[number]}";
            else if (!InRange(where,
                number)) yield return $"{where}: event id {number} is not in the range of its room";
        }
    }

    private static bool InRange(string where, int id)
    {
        var range = Ranges.Where(r => where.StartsWith(r.Folder, StringComparison.Ordinal))
            .OrderByDescending(static r => r.Folder.Length).FirstOrDefault();
        return range.Folder is not null && id >= range.First && id <= range.Last;
    }

    // [LoggerMessage(1700, …)] or [LoggerMessage(EventId = 1700, …)] or [LoggerMessage(Level = …, EventId = 1700, …)]
    [GeneratedRegex(@"\[LoggerMessage\(\s*(?:(?:Level\s*=\s*[\w.]+\s*,\s*)?EventId\s*=\s*)?(?<id>\d+)?",
        RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex LogMessage();
}
