using EdgeTwin.Mqtt.Sparkplug;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Sources;
using EdgeTwin.Tests.Support;
using EdgeTwin.Upstream.Sparkplug;

namespace EdgeTwin.Tests.Upstream.Sparkplug;

public class SparkplugCommandsTests
{
    private readonly SparkplugRig rig = new();
    private readonly ManualTimeProvider time = new(SparkplugRig.Noon);
    private readonly CollectingLogger logger = new();
    private readonly SparkplugCommands commands;

    public SparkplugCommandsTests() => commands = new SparkplugCommands(
        rig.Context(time) with { Logger = logger }, rig.Metrics, rig.Devices, TimeSpan.FromSeconds(60));

    [Fact]
    public async Task A_good_command_reaches_the_port_and_its_answer_the_log()
    {
        await DoAsync(new SparkplugMetric { Alias = AliasOf("Float64"), Value = Double(4.5) });
        var request = Assert.Single(rig.Requests);
        Assert.Equal((rig["Float64"].Id, TagValue.From(4.5), "sparkplug", SparkplugRig.Noon),
            (request.Tag, request.Value, request.Origin, request.RequestedAt));
        Assert.Contains("BadNotWritable", Assert.Single(logger.Lines).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_type_is_taken_by_name_or_alias_with_and_without_its_type()
    {
        (string Tag, SparkplugValue Wire, TagValue Value)[] all =
        [
            ("Bool", SparkplugValue.From(true), TagValue.From(true)),
            ("Int8", SparkplugValue.FromInt32(-5), TagValue.From((sbyte)-5)),
            ("UInt8", SparkplugValue.FromInt(250), TagValue.From((byte)250)),
            ("Int16", SparkplugValue.FromInt32(-500), TagValue.From((short)-500)),
            ("UInt16", SparkplugValue.FromInt(65535), TagValue.From((ushort)65535)),
            ("Int32", SparkplugValue.FromInt32(int.MinValue), TagValue.From(int.MinValue)),
            ("UInt32", SparkplugValue.FromLong(uint.MaxValue), TagValue.From(uint.MaxValue)),
            ("UInt32", SparkplugValue.FromInt(uint.MaxValue), TagValue.From(uint.MaxValue)),
            ("Int64", SparkplugValue.FromInt64(long.MinValue), TagValue.From(long.MinValue)),
            ("UInt64", SparkplugValue.FromLong(ulong.MaxValue), TagValue.From(ulong.MaxValue)),
            ("Float32", SparkplugValue.FromFloatBits(0x3FC00000), TagValue.From(1.5f)),
            ("Float64", Double(-0.0), TagValue.From(-0.0)),
            ("String", SparkplugValue.From("on"), TagValue.From("on")),
        ];
        foreach (var (tag, wire, value) in all)
        {
            await DoAsync(new SparkplugMetric { Alias = AliasOf(tag), Value = wire });
            await DoAsync(new SparkplugMetric
            {
                Name = tag,
                DataType = SparkplugTypes.Of(rig[tag].Type),
                Value = wire,
            });
            Assert.Equal([value, value], rig.Requests.Select(request => request.Value));
            rig.Requests.Clear();
        }
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_with_its_reason()
    {
        (SparkplugMetric Metric, string Reason)[] all =
        [
            (new SparkplugMetric { Alias = 99, Value = Double(1) }, "no such metric"),
            (new SparkplugMetric { Name = "old", Value = SparkplugValue.FromInt32(1) }, "no such metric"),
            (new SparkplugMetric { Name = "speed", Value = Double(1) }, "no such metric"), // another device's
            (new SparkplugMetric { Name = "Bool", Alias = AliasOf("Int8"), Value = Double(1) }, "yet the name is"),
            (new SparkplugMetric { Name = "Float64", DataType = SparkplugDataType.Int32, Value = Double(1) },
                "data type is Int32"),
            (new SparkplugMetric { Name = "Int8", Value = SparkplugValue.FromInt32(200) }, "no Int8"),
            (new SparkplugMetric { Name = "Float64", Value = SparkplugValue.FromInt32(1) }, "no Double"),
            (new SparkplugMetric { Name = "Float64", IsNull = true }, "no Double"),
            (new SparkplugMetric { Name = "Float64", IsHistorical = true, Value = Double(1) }, "historical"),
        ];
        foreach (var (metric, reason) in all)
        {
            await DoAsync(metric);
            Assert.Contains(reason, logger.Lines[^1].Text, StringComparison.Ordinal);
        }
        Assert.Empty(rig.Requests);
    }

    [Fact]
    public async Task With_templates_an_instance_with_the_members_to_be_written_is_a_command()
    {
        var templated = new SparkplugRig(templates: true);
        var all = new SparkplugCommands(templated.Context(time) with { Logger = logger }, templated.Metrics,
            templated.Devices, TimeSpan.FromSeconds(60));
        SparkplugMetric[] wish =
        [
            new SparkplugMetric { Name = "Float64", Value = Double(4.5) },
            new SparkplugMetric { Name = "Bool", Value = SparkplugValue.From(true) },
            new SparkplugMetric { Name = "speed", Value = Double(1) }, // another device's
        ];
        var instance = new SparkplugMetric { Alias = SparkplugTemplates.AliasOf(0), Value = Of("pump-7", wish) };
        await DoAsync(instance, SparkplugTypes.Milliseconds(SparkplugRig.Noon));
        Assert.Equal([TagValue.From(4.5), TagValue.From(true)], templated.Requests.Select(request => request.Value));
        Assert.Contains("no such metric", logger.Lines[^1].Text, StringComparison.Ordinal);
        await DoAsync(instance with { Alias = null, Name = "pump-7" }, null);
        Assert.Equal(4, templated.Requests.Count);
        foreach (var bad in (SparkplugMetric[])[
            wish[0], new SparkplugMetric { Alias = 2, Value = instance.Value }, instance with { Name = "drive" },
            instance with { Value = Of("drive", wish) }, instance with { IsHistorical = true },
            instance with { Value = Double(1) }, new SparkplugMetric { Value = instance.Value }])
        {
            var said = logger.Lines.Count;
            await DoAsync(bad, null);
            Assert.Equal((4, said + 1), (templated.Requests.Count, logger.Lines.Count));
        }

        async Task DoAsync(SparkplugMetric metric, ulong? sent) =>
            await all.DoAsync(new SparkplugCommand(0, metric, sent), "scada", default);
        static SparkplugValue Of(string definition, SparkplugMetric[] members) => SparkplugValue.From(
            new SparkplugTemplate { IsDefinition = false, TemplateRef = definition, Metrics = members });
    }

    [Fact]
    public async Task An_old_a_future_and_a_repeated_command_are_refused()
    {
        var metric = new SparkplugMetric { Name = "Float64", Value = Double(1) };
        var now = SparkplugTypes.Milliseconds(SparkplugRig.Noon);
        await commands.DoAsync(new SparkplugCommand(0, metric, now - 60_001), "scada", default);
        Assert.Contains("60.0 s ago", logger.Lines[^1].Text, StringComparison.Ordinal);
        await commands.DoAsync(new SparkplugCommand(0, metric, now + 6_000), "scada", default);
        Assert.Contains("clock", logger.Lines[^1].Text, StringComparison.Ordinal);
        await commands.DoAsync(new SparkplugCommand(0, metric, ulong.MaxValue), "scada", default);
        Assert.Empty(rig.Requests);
        await commands.DoAsync(new SparkplugCommand(0, metric, now), "scada", default);
        await commands.DoAsync(new SparkplugCommand(0, metric, now), "scada", default);
        Assert.Single(rig.Requests);
        Assert.Contains("it came before", logger.Lines[^1].Text, StringComparison.Ordinal);
        await commands.DoAsync(new SparkplugCommand(0, metric, null), "scada", default); // says no time: not known
        Assert.Equal(2, rig.Requests.Count);
    }

    private static SparkplugValue Double(double value) =>
        SparkplugValue.FromDoubleBits(BitConverter.DoubleToUInt64Bits(value));

    private ulong AliasOf(string tag) => SparkplugMetrics.AliasOf(rig[tag].Id);

    private async Task DoAsync(SparkplugMetric metric) =>
        await commands.DoAsync(new SparkplugCommand(0, metric, null), "scada", default);
}
