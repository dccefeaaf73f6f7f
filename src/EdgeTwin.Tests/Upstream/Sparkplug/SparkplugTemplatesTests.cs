using System.Text;
using EdgeTwin.Journal;
using EdgeTwin.Mqtt.Sparkplug;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Mqtt.Sparkplug;
using EdgeTwin.Tests.Support;
using EdgeTwin.Twin;
using EdgeTwin.Upstream;
using EdgeTwin.Upstream.Sparkplug;

namespace EdgeTwin.Tests.Upstream.Sparkplug;

/// <summary>A pump with two motors and a valve as instances of templates; the host's model checks each
/// message.</summary>
public class SparkplugTemplatesTests
{
    private const int Pump = 0;
    private const int Motor1 = 1;
    private const int Motor2 = 2;
    private readonly TagTable tags = new();
    private readonly TemplateModel model = new();
    private readonly SparkplugWriter writer = new();
    private readonly SparkplugDevices devices;
    private readonly SparkplugMetrics metrics;

    public SparkplugTemplatesTests()
    {
        Add("name", TagDataType.String);
        Add("motor-1.speed", TagDataType.Float64, "motor-1");
        Add("motor-1.starts", TagDataType.Int32, "motor-1");
        Add("motor-2.starts", TagDataType.Int32, "motor-2");
        Add("motor-2.speed", TagDataType.Float64, "motor-2");
        Add("position", TagDataType.Float32, "valve");
        Add("old", TagDataType.Int32, origin: new TagOrigin.Retired());
        devices = new SparkplugDevices(tags, "pump-7");
        metrics = Metrics(part => part is null ? "Pump" : part == "valve" ? null : "Motor");
    }

    [Fact]
    public void A_definition_lists_the_members_and_is_shared_by_parts_of_a_kind()
    {
        var definitions = NodeBirth();
        Assert.Equal(["Pump", "Motor", "valve"], definitions.Select(metric => metric.Name));
        Assert.Equal(["name:String", "old:Int32"], Members(definitions[0]));
        Assert.Equal(["speed:Double", "starts:Int32"], Members(definitions[1]));
        Assert.All(definitions, metric => Assert.Null(metric.Alias));
    }

    [Fact]
    public void Parts_of_one_type_with_other_members_have_definitions_of_their_own()
    {
        var named = new SparkplugTemplates(tags, devices, _ => "part");
        writer.Begin(1, 0);
        named.WriteDefinitions(writer, 1);
        Assert.Equal(["part", "part.motor-1", "part.valve"],
            SparkplugReader.Read(writer.Written).Metrics.Select(metric => metric.Name));
    }

    [Fact]
    public void A_birth_has_the_device_as_one_instance_with_all_its_members()
    {
        NodeBirth();
        var birth = Birth(Motor2, Sample("motor-2.speed", TagValue.From(2.5), seconds: 3));
        Assert.Equal(("motor-2", SparkplugTemplates.AliasOf(Motor2), SparkplugDataType.Template),
            (birth.Name, birth.Alias, birth.DataType));
        Assert.Equal(("Motor", Milliseconds(3)), (birth.Value.Template!.TemplateRef, birth.Timestamp));
        Assert.Equal(["starts:Int32", "speed:Double"], Members(birth));
        Assert.Equal([false, true], birth.Value.Template.Metrics.Select(member => !member.IsNull));
        Assert.Equal(["engUnit", "engLow", "engHigh"],
            birth.Value.Template.Metrics[1].Properties!.Select(property => property.Key));
    }

    [Fact]
    public void Data_has_the_members_that_changed_and_an_instance_for_each_scan()
    {
        NodeBirth();
        Birth(Motor1);
        var payload = Data(
            Sample("motor-1.speed", TagValue.From(1.0)), Sample("motor-1.starts", TagValue.From(1)),
            Sample("motor-1.speed", TagValue.From(2.0)), // the same time again
            Sample("motor-1.starts", TagValue.From(2), seconds: 1));
        Assert.Equal(["speed:Double starts:Int32", "speed:Double", "starts:Int32"],
            payload.Metrics.Select(metric => string.Join(' ', Members(metric))));
        Assert.Equal([Milliseconds(0), Milliseconds(0), Milliseconds(1)],
            payload.Metrics.Select(metric => metric.Timestamp!.Value));
        Assert.All(payload.Metrics, metric => Assert.Null(metric.Name));
        Assert.Equal("{\"epoch\":1,\"seq\":1,\"count\":4}", Encoding.UTF8.GetString(payload.Body!.Value.Span));
        foreach (var metric in payload.Metrics) model.Changed("motor-1", "motor-1", metric);
    }

    [Fact]
    public void History_is_said_of_the_instance_and_does_not_mix_with_what_is_new()
    {
        metrics.Update(State(new Position(1, 1)));
        var payload = Data(Sample("motor-1.speed", TagValue.From(1.0)), Sample("motor-1.starts", TagValue.From(1)));
        Assert.Equal([true, false], payload.Metrics.Select(metric => metric.IsHistorical));
        Assert.All(payload.Metrics, metric => Assert.False(metric.Value.Template!.Metrics[0].IsHistorical));
    }

    [Fact]
    public void A_message_has_a_limited_size_and_always_a_sample()
    {
        NodeBirth();
        Birth(Pump);
        var text = TagValue.From(new string('x', 60_000));
        var large = Enumerable.Range(0, 5).Select(i => Sample("name", text, seconds: i)).ToArray();
        writer.Begin(1, 0);
        Assert.Equal(2, metrics.WriteData(Run(large), writer));
        var payload = SparkplugReader.Read(writer.Written);
        Assert.Equal(2, payload.Metrics.Count);
        foreach (var metric in payload.Metrics) model.Changed("pump-7", "pump-7", metric);
        writer.Begin(1, 0);
        Assert.Equal(1, metrics.WriteData(Run(large[2..]), writer, mostBytes: 100));
        Assert.Single(SparkplugReader.Read(writer.Written).Metrics);

        Sample[] one = [Sample("old", TagValue.From(1)), Sample("name", text)]; // of one instance
        writer.Begin(1, 0);
        Assert.Equal(1, Metrics(_ => null).WriteData(Run(one), writer, mostBytes: 100));
        Assert.Equal(["old:Int32"], Members(Assert.Single(SparkplugReader.Read(writer.Written).Metrics)));
    }

    [Fact]
    public void Data_costs_no_allocation_in_steady_state()
    {
        Sample[] samples = [.. Enumerable.Range(0, 200).Select(i =>
            Sample(i % 2 == 0 ? "motor-1.speed" : "motor-1.starts", TagValue.From(0.5 * i), seconds: i / 2))];
        long[] places = [.. Enumerable.Range(1, samples.Length)];
        for (var i = 0; i < 3; i++) Write();
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 50; i++) Write();
        }));

        void Write()
        {
            writer.Begin(1, 0);
            metrics.WriteData(new SampleRun(1, places, samples, isHistory: false), writer);
        }
    }

    private SparkplugMetrics Metrics(Func<string?, string?> typeOf) =>
        new(tags, devices, new SparkplugTemplates(tags, devices, typeOf));

    private List<SparkplugMetric> NodeBirth()
    {
        writer.Begin(1, 0);
        metrics.WriteNodeBirth(writer, 1);
        List<SparkplugMetric> definitions = [.. SparkplugReader.Read(writer.Written).Metrics];
        model.Define(definitions);
        return definitions;
    }

    private SparkplugMetric Birth(int device, params Sample[] samples)
    {
        metrics.Update(State(default, samples));
        writer.Begin(1, 0);
        metrics.WriteDeviceBirth(device, writer, 1);
        var birth = Assert.Single(SparkplugReader.Read(writer.Written).Metrics);
        model.Born(devices.Ids[device], birth);
        return birth;
    }

    private SparkplugPayload Data(params Sample[] samples)
    {
        writer.Begin(1, 0);
        Assert.Equal(samples.Length, metrics.WriteData(Run(samples), writer));
        return SparkplugReader.Read(writer.Written);
    }

    private LiveState State(Position head, params Sample[] samples) => new(head, [.. tags.All.Select(tag =>
        new TagSnapshot(tag,
            samples.FirstOrDefault(sample => sample.Tag == tag.Id) is { Value.IsNone: false } known
                ? known
                : new Sample(tag.Id, TagValue.None, StatusCode.BadWaitingForInitialData, default, default,
                    ClockState.Synchronised),
            Liveness.Live, null))]);

    private static IEnumerable<string> Members(SparkplugMetric metric) =>
        metric.Value.Template!.Metrics.Select(member => $"{member.Name}:{member.DataType}");

    private static SampleRun Run(Sample[] samples) => new(1,
        Enumerable.Range(1, samples.Length).Select(i => (long)i).ToArray(), samples, isHistory: false);

    private static ulong Milliseconds(int seconds) =>
        SparkplugTypes.Milliseconds(SparkplugRig.Noon.AddSeconds(seconds));

    private Sample Sample(string tag, TagValue value, double seconds = 0) => new(
        tags.TryFind(tag, out var found) ? found.Id : default, value, StatusCode.Good,
        SparkplugRig.Noon.AddSeconds(seconds), SparkplugRig.Noon.AddSeconds(seconds), ClockState.Synchronised);

    private void Add(string name, TagDataType type, string? component = null, TagOrigin? origin = null) =>
        tags.Add(id => new TagDefinition
        {
            Id = id,
            Name = name,
            Type = type,
            Component = component,
            Origin = origin ?? new TagOrigin.Source("plc", "holding:0"),
            Unit = type == TagDataType.Float64 && EngineeringUnits.TryParse("1/min", out var unit) ? unit : null,
            Range = type == TagDataType.Float64 ? new ValueRange(0, 10) : null,
        });
}
