using System.Diagnostics.Metrics;

namespace EdgeTwin.Upstream;

/// <summary>The uplinks as metrics, one series per uplink; read when they are collected.</summary>
internal sealed class UplinkMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "EdgeTwin.Upstream";

    private readonly Meter meter = new(MeterName);
    private readonly IReadOnlyList<UplinkPump> pumps;

    public UplinkMetrics(IReadOnlyList<UplinkPump> pumps)
    {
        this.pumps = pumps;
        meter.CreateObservableCounter("edgetwin.uplink.sent", () => Each(status => status.Sent), "{sample}",
            "Samples sent, repetitions included");
        meter.CreateObservableCounter("edgetwin.uplink.messages", () => Each(status => status.Messages), "{message}",
            "Messages sent, repetitions included");
        meter.CreateObservableCounter("edgetwin.uplink.acknowledged", () =>
            Each(status => status.Acknowledged), "{sample}",
            "Samples proven delivered");
        meter.CreateObservableCounter("edgetwin.uplink.resent", () => Each(status => status.Resent), "{sample}",
            "Samples sent again because a connection was lost before their proof of delivery");
        meter.CreateObservableCounter("edgetwin.uplink.filtered", () => Each(status => status.Filtered), "{sample}",
            "Samples that the uplink's filter left out");
        meter.CreateObservableCounter("edgetwin.uplink.lost", Lost, "{sample}",
            "Samples given up, by rule: the journal no longer had them when they were due, or they are refused");
        meter.CreateObservableGauge("edgetwin.uplink.lag.samples", () => Each(status => status.LagSamples), "{sample}",
            "Samples not proven delivered");
        meter.CreateObservableGauge("edgetwin.uplink.lag", () => Each(status => status.Lag.TotalSeconds), "s",
            "Age of the oldest sample that is not proven delivered");
        meter.CreateObservableGauge("edgetwin.uplink.connected",
            () => Each(status => status.State == UplinkState.Connected ? 1 : 0), null, "1 while connected");
    }

    public void Dispose() => meter.Dispose();

    private IEnumerable<Measurement<T>> Each<T>(Func<UplinkStatus, T> value)
        where T : struct =>
        pumps.Select(pump =>
            new Measurement<T>(value(pump.Status()), new KeyValuePair<string, object?>("uplink", pump.Name)));

    private IEnumerable<Measurement<long>> Lost() =>
        from pump in pumps
        from loss in pump.Status().Lost
        select new Measurement<long>(loss.Value, new KeyValuePair<string, object?>("uplink", pump.Name),
            new KeyValuePair<string, object?>("rule", loss.Key));
}
