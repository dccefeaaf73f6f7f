using EdgeTwin.Mqtt.Sparkplug;
using EdgeTwin.Tags;

namespace EdgeTwin.Sources.Mqtt;

/// <summary>An edge node and the tags that are read of it.</summary>
internal sealed class SparkplugChild : ISparkplugHostSink
{
    private const uint Good = 192;
    private const uint Stale = 500;
    private const int MostBirths = 16;
    private const ulong MostMilliseconds = 253_402_300_800_000; // the year 10000

    private readonly MqttSamples samples;
    private readonly IReadOnlyList<MqttTarget> targets;
    private readonly Dictionary<string, MqttTarget[]> byName;
    private readonly HashSet<string> dead = new(StringComparer.Ordinal); // as the log says; "" is the node
    private readonly PlaceMemory known = new();
    private readonly string place;
    private PlaceList places;
    private bool isBirth;

    public SparkplugChild(string place, IEnumerable<MqttTarget> targets, MqttSamples samples)
    {
        (this.place, this.targets, this.samples) = (place, [.. targets], samples);
        byName = this.targets.GroupBy(target => target.Address.Name, StringComparer.Ordinal)
            .ToDictionary(metric => metric.Key, metric => metric.ToArray(), StringComparer.Ordinal);
        var slash = place.IndexOf('/', StringComparison.Ordinal);
        (Group, Id) = (place[..slash], place[(slash + 1)..]);
        Host = new SparkplugHostNode(this);
    }

    public string Group { get; }

    public string Id { get; }

    public SparkplugHostNode Host { get; }

    /// <summary>Where samples go now.</summary>
    public MqttIntake Into { get; set; }

    public static ulong Milliseconds(DateTime time) =>
        (ulong)((time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond);

    public void Data(SparkplugPayload data) => (isBirth, places) = (false, PlaceList.Of(data));

    public void Born(string? device)
    {
        (isBirth, places) = (true, default);
        if (dead.Remove(device ?? "")) Say(device, "online");
    }

    public void Value(string? device, string name, SparkplugDataType type, in SparkplugMetric metric, ulong? sent)
    {
        var time = TimeOf(metric.Timestamp ?? sent);
        var isKnown = places.TryTake(out var at) && time is { } said && IsKnown(at, said);
        if (isKnown || !byName.TryGetValue(device is null ? name : $"{device}/{name}", out var found)) return;
        var isNull = metric.IsNull || metric.Value.Field == SparkplugField.None;
        var status = StatusOf(metric, isNull);
        foreach (var target in found)
        {
            target.Device = device;
            var value = isNull || status.IsBad ? TagValue.None
                : MqttValue.Read(metric.Value, type, target.Tag.Config.Type);
            Take(target, samples.Make(target, value, status, time), metric.IsHistorical);
        }
    }

    public void Died(string? device)
    {
        if (dead.Add(device ?? "")) Say(device, "offline: its tags are BadNoCommunication");
        if (device is null) dead.RemoveWhere(id => id.Length > 0);
        foreach (var target in targets)
        {
            if (device is null || target.Device == device)
                samples.Tell(target, StatusCode.BadNoCommunication, Into);
        }
    }

    // What a birth showed comes among the data too, as history or as news: it was in the journal by then, or was not.
    private void Take(MqttTarget target, in Sample sample, bool isHistorical)
    {
        if (isBirth)
        {
            if (target.IsHeard && target.Newest is { } newest && IsSame(newest, sample)) return;
            var births = target.Births ??= new Queue<Sample>();
            if (births.Count == MostBirths) births.Dequeue();
            births.Enqueue(sample);
        }
        else if (WasInBirth(target, sample) && (isHistorical || target.IsHeard))
        {
            return;
        }
        else if (isHistorical)
        {
            Into.Late.Add(in sample);
            return;
        }

        target.Newest = sample;
        MqttSamples.Add(target, in sample, Into);
    }

    private static bool WasInBirth(MqttTarget target, Sample sample)
    {
        if (target.Births is not { Count: > 0 } births || !births.Any(birth => IsSame(birth, sample))) return false;
        target.Births = new Queue<Sample>(births.Where(birth => !IsSame(birth, sample)));
        return true;
    }

    private static bool IsSame(in Sample one, in Sample other) =>
        one.SourceTime == other.SourceTime && one.Value == other.Value && one.Status == other.Status;

    private bool IsKnown((long Epoch, long Sequence) at, DateTime time)
    {
        var isKnown = known.Holds(at, time, out _);
        known.Add(at, time);
        return isKnown;
    }

    private void Say(string? device, string status) => MqttSourceLog.ChildStatus(
        samples.Context.Logger, samples.Context.Name, device is null ? place : $"{place}/{device}", status);

    // The exact code, where the sender is one of ours; else the property of the specification (§6.4.11).
    private static StatusCode StatusOf(in SparkplugMetric metric, bool isNull)
    {
        StatusCode? exact = null;
        var said = StatusCode.Good;
        foreach (var property in metric.Properties ?? [])
        {
            if (property is { Key: "statusCode", Value.Field: SparkplugField.Int or SparkplugField.Long })
                exact = new StatusCode(unchecked((uint)property.Value.Bits));
            else if (property is { Key: "Quality", Value.Field: SparkplugField.Int })
            {
                said = property.Value.Bits switch
                {
                    Good => StatusCode.Good,
                    Stale => isNull ? StatusCode.BadNoCommunication
                        : StatusCode.UncertainNoCommunicationLastUsableValue,
                    _ => StatusCode.Bad,
                };
            }
        }

        var status = exact ?? said;
        return isNull && !status.IsBad ? StatusCode.BadNoData : status;
    }

    private static DateTime? TimeOf(ulong? milliseconds) =>
        milliseconds is { } ms && ms < MostMilliseconds ? DateTime.UnixEpoch.AddMilliseconds(ms) : null;
}
