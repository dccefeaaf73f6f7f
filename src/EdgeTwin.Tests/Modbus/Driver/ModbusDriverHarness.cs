using EdgeTwin.Modbus;
using EdgeTwin.Sources;
using EdgeTwin.Sources.Modbus;
using EdgeTwin.Tags;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.Modbus.Driver;

/// <summary>A modbus-tcp source over chosen tags, and what it has posted.</summary>
internal sealed class ModbusDriverHarness : ISampleInbox, IAsyncDisposable
{
    private readonly TagTable table = new();
    private readonly ISource source;

    public ModbusDriverHarness(int port, TimeProvider time, IEnumerable<(string Name, TagConfig Config)> tags,
        Func<ModbusTcpSourceConfig, ModbusTcpSourceConfig>? adjust = null)
    {
        var config = new ModbusTcpSourceConfig
        {
            Driver = "modbus-tcp",
            Endpoint = $"127.0.0.1:{port}",
            Timeout =
            TimeSpan.FromSeconds(1)
        };
        var sourceTags = tags.Select(tag => Tag(table, tag.Name, tag.Config)).ToList();
        source = SourceCatalog.Drivers.Single(driver => driver.Name == "modbus-tcp").Create(new SourceContext(
            "plc", adjust?.Invoke(config) ?? config, sourceTags, time, () =>
            ClockState.Synchronised, NullLogger.Instance, "."));
    }

    public List<Sample[]> Batches { get; } = [];

    /// <summary>The last sample of each tag.</summary>
    public Dictionary<string, Sample> Last { get; } = [];

    public static TagConfig Config(string address, TagDataType type = TagDataType.UInt16) =>
        new() { Source = "plc", Address = address, Type = type };

    /// <summary>Tags of one holding register each, named by their address.</summary>
    public static IEnumerable<(string, TagConfig)> Holding(params IEnumerable<int> addresses) =>
        addresses.Select(address => ($"r{address}", Config($"holding:{address}")));

    public static SourceTag Tag(TagTable table, string name, TagConfig config) => new(table.Add(id => new TagDefinition
    {
        Id = id,
        Name = name,
        Type = config.Scale is null && config.Offset is null ? config.Type : TagDataType.Float64,
        Origin = new TagOrigin.Source("plc", config.Address),
        Range = config.Range,
    }), config);

    public ValueTask ConnectAsync() => source.ConnectAsync(default);

    public Task ScanAsync() => source.ReadAsync(this, default).AsTask();

    public ValueTask<StatusCode> WriteAsync(string tag, TagValue value) =>
        ((IWritableSource)source).WriteAsync(Id(tag), value, default);

    public ValueTask<Sample> ReadBackAsync(string tag) => ((IReadBackSource)source).ReadBackAsync(Id(tag), default);

    public StatusCode Status(string tag) => Last[tag].Status;

    public ValueTask PostAsync(SampleBatch batch, CancellationToken cancellation)
    {
        lock (Batches)
        {
            Batches.Add(batch.Samples.ToArray());
            foreach (var sample in batch.Samples) Last[table[sample.Tag].Name] = sample;
        }

        batch.Return();
        return default;
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private TagId Id(string name) => table.TryFind(name, out var tag) ? tag.Id
        : throw new ArgumentException(name, nameof(name));
}
