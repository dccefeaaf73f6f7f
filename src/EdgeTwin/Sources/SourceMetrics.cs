using System.Diagnostics.Metrics;

namespace EdgeTwin.Sources;

/// <summary>Instruments of all sources, on the meter <c>EdgeTwin</c>; each measurement carries the tag
/// <c>source</c>.</summary>
internal sealed class SourceMetrics(string source)
{
    private static readonly Meter Meter = new("EdgeTwin");

    private static readonly Counter<long> ScanCount =
        Meter.CreateCounter<long>("edgetwin.source.scans", "{scan}", "Completed scans");

    private static readonly Counter<long> SkippedCount =
        Meter.CreateCounter<long>("edgetwin.source.scans.skipped", "{scan}",
            "Scans left out: an earlier one took too long");

    private static readonly Counter<long> SampleCount =
        Meter.CreateCounter<long>("edgetwin.source.samples", "{sample}", "Samples handed to the twin");

    private static readonly Counter<long> OutageCount =
        Meter.CreateCounter<long>("edgetwin.source.outages", "{outage}", "Connections lost");

    private static readonly Counter<long> ReconnectCount =
        Meter.CreateCounter<long>("edgetwin.source.reconnects", "{reconnect}", "Outages that ended");

    private static readonly Histogram<double> ScanDuration =
        Meter.CreateHistogram<double>("edgetwin.source.scan.duration", "s",
            "From the start of a scan to its last answer");

    private readonly KeyValuePair<string, object?> tag = new("source", source);

    public void Scanned(TimeSpan duration)
    {
        ScanCount.Add(1, tag);
        ScanDuration.Record(duration.TotalSeconds, tag);
    }

    public void Skipped(long scans) => SkippedCount.Add(scans, tag);

    public void Sampled(int samples) => SampleCount.Add(samples, tag);

    public void Lost() => OutageCount.Add(1, tag);

    public void Reconnected() => ReconnectCount.Add(1, tag);
}
