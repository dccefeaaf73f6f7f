using System.Globalization;
using System.Text;
using EdgeTwin.Diagnostics;
using EdgeTwin.Hosting;
using EdgeTwin.Prediction;
using EdgeTwin.Sources;

namespace EdgeTwin.Cli;

/// <summary>A gateway's status as plain text, for terminals and logs.</summary>
internal static class StatusText
{
    public static string Format(GatewayStatus status)
    {
        var text = new StringBuilder();
        text.AppendLine($"{status.Gateway} · {status.Asset} · edgetwin {status.Version} · up since "
            + $"{status.Started:u} · clock {Spelling.Of(status.Clock)}");
        Add(text, "source  ", [-16, -14, -1], status.Sources.Select(Source));
        Add(text, "tag     ", [-28, 14, -8, -24, 8, -1], status.Tags.Select(Tag));
        Add(text, "model   ", [-16, -24, -1], status.Models.Select(Model));
        Add(text, "alarm   ", [-16, -24, -1], status.Alarms.Select(static alarm =>
            (string[])[alarm.Name, alarm.State, alarm.Message]));
        text.AppendLine(Journal(status));
        foreach (var uplink in status.Uplinks) text.AppendLine($"uplink  {Uplink(uplink)}");
        if (status.OpcUaEndpoint is { } endpoint) text.AppendLine($"opc ua  {endpoint}");
        return text.ToString();
    }

    public static string Journal(GatewayStatus status)
    {
        var journal = status.Journal;
        var perSample = journal.Samples == 0 ? "" : $", {journal.BytesPerSample:0.0} bytes per sample";
        var trouble = journal.Trouble is { } reason ? $", TROUBLE: {reason}" : "";
        var dropped = journal.Dropped.Count == 0
            ? "" : $", DROPPED {string.Join(", ", journal.Dropped.Select(loss => $"{loss.Value} ({loss.Key})"))}";
        return $"journal {Size(journal.SizeBytes)}, {journal.Samples} samples{perSample}, committed up to "
            + $"{journal.Committed}{dropped}{trouble}";
    }

    public static string Uplink(Upstream.UplinkStatus uplink) =>
        $"{uplink.Name} {Spelling.Of(uplink.State)}, lag {uplink.LagSamples} samples ({Age(uplink.Lag)}), "
        + $"{uplink.Acknowledged} samples delivered"
        + (uplink.Filtered == 0 ? "" : $", {uplink.Filtered} filtered")
        + (uplink.Lost.Count == 0
            ? "" : $", LOST {string.Join(", ", uplink.Lost.Select(loss => $"{loss.Value} ({loss.Key})"))}")
        + (uplink.LastRefusal is { } reason ? $" (refused: {reason})" : "")
        + $"{Because(uplink.LastError, uplink.State.ToString())}";

    public static string Age(TimeSpan age) => age switch
    {
        { TotalMilliseconds: < 1000 } => $"{Math.Max(0, age.TotalMilliseconds):0} ms",
        { TotalSeconds: < 120 } => $"{age.TotalSeconds:0.0} s",
        { TotalMinutes: < 120 } => $"{age.TotalMinutes:0} min",
        _ => $"{age.TotalHours:0} h",
    };

    /// <summary>At most six significant digits; the journal and <c>--json</c> have them all.</summary>
    public static string Value(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && text.Length > 8
            ? number.ToString("G6", CultureInfo.InvariantCulture)
            : text;

    private static void Add(StringBuilder text, string kind, int[] least, IEnumerable<string[]> rows)
    {
        foreach (var line in Columns.Lines(least, [.. rows])) text.Append(kind).AppendLine(line);
    }

    private static string[] Source(SourceStatus source) =>
    [
        source.Name, Spelling.Of(source.State),
        $"{source.Samples} samples, {source.SkippedScans} scans skipped"
            + Because(source.LastError, source.State.ToString()),
    ];

    private static string[] Tag(TagStatus tag) =>
        [tag.Name, Value(tag.Value), tag.Unit ?? "", tag.Quality, Age(tag.Age), tag.Liveness ?? ""];

    private static string[] Model(PredictorStatus model) =>
    [
        model.Model, model.Status.ToString(),
        $"{model.Inferences} inferences, {model.Failures} failures"
            + (model.Reason.Length == 0 ? "" : $" ({model.Reason})"),
    ];

    private static string Because(string? error, string state) =>
        error is null || state is "Connected" or "Running" or "Reading" ? "" : $" ({error})";

    private static string Size(long bytes) => bytes < 10_000_000 ? $"{bytes / 1000.0:0} kB" : $"{bytes / 1e6:0.0} MB";
}
