using System.Diagnostics.Metrics;

namespace EdgeTwin.Prediction;

/// <summary>Metrics of one model; the tag <c>model</c> names it.</summary>
internal sealed class PredictorMetrics(string model)
{
    private static readonly Meter Meter = new("EdgeTwin");
    private static readonly Counter<long> Inferences =
        Meter.CreateCounter<long>("edgetwin.model.inferences", "{window}", "Windows inferred.");

    private static readonly Counter<long> ReplacedWindows =
        Meter.CreateCounter<long>("edgetwin.model.replaced", "{window}",
            "Windows replaced by a newer one before they were inferred.");

    private static readonly Counter<long> Failures =
        Meter.CreateCounter<long>("edgetwin.model.failures", "{window}", "Windows that the model failed on.");

    private static readonly Histogram<double> Duration =
        Meter.CreateHistogram<double>("edgetwin.model.duration", "s", "Time that one inference took.");

    private readonly KeyValuePair<string, object?> tag = new("model", model);

    public void Inferred(TimeSpan duration)
    {
        Inferences.Add(1, tag);
        Duration.Record(duration.TotalSeconds, tag);
    }

    public void Replaced() => ReplacedWindows.Add(1, tag);

    public void Failed() => Failures.Add(1, tag);
}
