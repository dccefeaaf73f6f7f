using EdgeTwin.Diagnostics;
using EdgeTwin.Journal;
using EdgeTwin.Prediction;
using EdgeTwin.Serving.OpcUa;
using EdgeTwin.Sources;
using EdgeTwin.Tags;
using EdgeTwin.Upstream;

namespace EdgeTwin.Hosting;

/// <summary>What <c>status</c> says about the gateway, as values that a SCADA system can watch. Their paths are part of
/// node ids and stay what they are.</summary>
internal static class DiagnosticItems
{
    public static IReadOnlyList<DiagnosticItem> Of(
        IReadOnlyList<SourceRunner> sources, IReadOnlyList<Predictor> models, IReadOnlyList<UplinkPump> uplinks,
        Func<JournalStatus> journal, Func<ClockState> clock, DateTime started) =>
    [
        Text("Version", () => Product.Version, "Version of the gateway"),
        Text("Started", () => started.ToString("O"), "When the gateway started, UTC"),
        Text("Clock", () => Spelling.Of(clock()), "Whether the gateway's clock is synchronised"),
        .. sources.SelectMany(Source),
        .. models.SelectMany(Model),
        .. Journal(journal),
        .. uplinks.SelectMany(Uplink),
    ];

    private static IEnumerable<DiagnosticItem> Source(SourceRunner source)
    {
        var at = $"Sources/{source.Name}";
        return
        [
            Text($"{at}/State", () => Spelling.Of(source.Status.State), "connecting, running, disconnected or stopped"),
            Text($"{at}/LastError", () => source.Status.LastError ?? "", "Why the connection was last lost"),
            Count($"{at}/Samples", () => source.Status.Samples, "Samples handed to the twin since the start"),
            Count($"{at}/SkippedScans", () => source.Status.SkippedScans, "Scans left out because one took too long"),
            Count($"{at}/Reconnects", () => source.Status.Reconnects, "Outages that ended"),
            Number($"{at}/LastScan", () => source.Status.LastScanDuration.TotalMilliseconds, "Duration, ms"),
        ];
    }

    private static IEnumerable<DiagnosticItem> Model(Predictor model)
    {
        var name = model.Status.Model;
        return
        [
            Text($"Models/{name}/Status", () => model.Status.Status.ToString(), "Quality of its outputs"),
            Text($"Models/{name}/Reason", () => model.Status.Reason, "Why the quality is not good"),
            Count($"Models/{name}/Inferences", () => model.Status.Inferences, "Windows inferred since the start"),
            Count($"Models/{name}/Failures", () => model.Status.Failures, "Inferences that failed"),
        ];
    }

    private static IEnumerable<DiagnosticItem> Journal(Func<JournalStatus> journal) =>
    [
        Count("Journal/Samples", () => journal().Samples, "Samples that are kept"),
        Count("Journal/UsedBytes", () => journal().UsedBytes, "Bytes in use"),
        Count("Journal/Pending", () => journal().Pending, "Samples that are not on the disk yet"),
        Count("Journal/Dropped", () => journal().Dropped.Values.Sum(), "Samples lost for want of space or by age"),
        Text("Journal/Trouble", () => journal().Trouble ?? "", "Why the disk takes nothing; empty when it does"),
    ];

    private static IEnumerable<DiagnosticItem> Uplink(UplinkPump uplink)
    {
        var name = uplink.Status().Name;
        return
        [
            Text($"Uplinks/{name}/State", () => Spelling.Of(uplink.Status().State), "Whether it delivers"),
            Count($"Uplinks/{name}/LagSamples", () => uplink.Status().LagSamples, "Samples that wait to be delivered"),
            Number($"Uplinks/{name}/Lag", () => uplink.Status().Lag.TotalSeconds, "Age of the oldest that waits, s"),
            Text($"Uplinks/{name}/Oldest", () => uplink.Status().Oldest?.ToString("O") ?? "",
                "Receive time of the oldest that waits, UTC; empty when none does"),
            Count($"Uplinks/{name}/Filtered", () => uplink.Status().Filtered, "Samples that the filter left out"),
            Count($"Uplinks/{name}/Lost", () => uplink.Status().Lost.Values.Sum(),
                "Samples given up before they could be delivered"),
            Count($"Uplinks/{name}/Acknowledged", () => uplink.Status().Acknowledged, "Samples delivered"),
        ];
    }

    private static DiagnosticItem Text(string path, Func<string> read, string description) =>
        new(path, TagDataType.String, () => TagValue.From(read()), description);

    private static DiagnosticItem Count(string path, Func<long> read, string description) =>
        new(path, TagDataType.Int64, () => TagValue.From(read()), description);

    private static DiagnosticItem Number(string path, Func<double> read, string description) =>
        new(path, TagDataType.Float64, () => TagValue.From(read()), description);
}
