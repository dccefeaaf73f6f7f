using EdgeTwin.Commands;
using EdgeTwin.Tags;
using EdgeTwin.Upstream;
using EdgeTwin.Upstream.Sparkplug;

namespace EdgeTwin.Tests.Upstream.Sparkplug;

/// <summary>Tags of every type, and what an uplink makes of them.</summary>
internal sealed class SparkplugRig : ICommandPort
{
    public static readonly DateTime Noon = new(2026, 11, 22, 12, 0, 0, DateTimeKind.Utc);

    public SparkplugRig(bool templates = false)
    {
        foreach (var type in Enum.GetValues<TagDataType>().Where(type => type != TagDataType.None))
            Add($"{type}", type);
        Add("speed", TagDataType.Float64, "drive");
        Add("old", TagDataType.Int32, origin: new TagOrigin.Retired());
        Devices = new SparkplugDevices(Tags, "pump-7");
        Metrics = new SparkplugMetrics(Tags, Devices,
            templates ? new SparkplugTemplates(Tags, Devices, _ => null) : null);
    }

    public TagTable Tags { get; } = new();

    public SparkplugDevices Devices { get; }

    public SparkplugMetrics Metrics { get; }

    /// <summary>What reached the port.</summary>
    public List<CommandRequest> Requests { get; } = [];

    public TagDefinition this[string name] => Tags.TryFind(name, out var tag) ? tag : throw new KeyNotFoundException();

    public Sample Sample(string tag, TagValue value, StatusCode? status = null, double seconds = 0) => new(
        this[tag].Id, value, status ?? StatusCode.Good, Noon.AddSeconds(seconds), Noon.AddSeconds(seconds),
        ClockState.Synchronised);

    public UplinkContext Context(TimeProvider time) =>
        new("acme/pump-7", "gw", Tags, time, ".") { Name = "site", Commands = this };

    public bool IsWritable(TagId tag) => true;

    public ValueTask<StatusCode> RequestAsync(CommandRequest request, CancellationToken cancellation)
    {
        Requests.Add(request);
        return ValueTask.FromResult(StatusCode.BadNotWritable);
    }

    private void Add(string name, TagDataType type, string? component = null, TagOrigin? origin = null) =>
        Tags.Add(id => new TagDefinition
        {
            Id = id,
            Name = name,
            Type = type,
            Component = component,
            Origin = origin ?? new TagOrigin.Source("plc", "holding:0"),
            Unit = type == TagDataType.Float64 && EngineeringUnits.TryParse("bar", out var unit) ? unit : null,
            Range = type == TagDataType.Float64 ? new ValueRange(0, 10) : null,
        });
}
