using System.Text;
using EdgeTwin.Configuration;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Support;
using EdgeTwin.Upstream;

namespace EdgeTwin.Tests.Configuration;

public class ConfigLoaderTests
{
    internal const string Good = """
        gateway: { id: pump-7, data: ./data }
        asset:
          path: acme/north/water/line-1/pump-7
          type: Pump
          serial: 00123
        sources:
          plc: { driver: test, endpoint: "127.0.0.1:1502", unit: 7, scan: 100ms, timeout: 1.5s }
        tags:
          flow:     { source: plc, address: reg:0, type: float32, wordOrder: little,
                      unit: L/min, range: [0, 130], deadband: 0.05 }
          pressure: { source: plc, address: "reg:2", type: int16, unit: bar, scale: 0.01, record: all, cadence: 5s }
          name:     { source: plc, address: "reg:3", type: string, length: 16, description: 'it''s "here"' }
        derived:
          twice:            { expression: hydraulic-power * 2, unit: W }
          hydraulic-power:  { expression: "flow / 60000 * pressure * 1e5", unit: W }
        alarms:
          high: { when: "flow > 100 and not bad(pressure)",
                  onDelay: 3s, offDelay: 10s, severity: 700, message: "Flow: high" }
        uplinks:
          site: { driver: mqtt, endpoint: "mqtt://127.0.0.1:1883", order: history-first, user: u, password: env:SET }
        journal: { commit: 100ms, keepFor: 30d }

        """;

    [Fact]
    public void A_good_file_is_bound_completely()
    {
        var result = Load(Good);

        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        var config = result.Config!;
        Assert.Equal("pump-7", config.Gateway.Id);
        Assert.Equal("00123", config.Asset.Serial);
        var source = Assert.IsType<TestSourceConfig>(config.Sources["plc"]);
        Assert.Equal(("127.0.0.1:1502", (byte)7, true), (source.Endpoint, source.Unit, source.Keep));
        Assert.Equal((TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(1500)), (source.Scan, source.Timeout));
        var flow = config.Tags["flow"];
        Assert.Equal(
            (TagDataType.Float32, WordOrder.Little, WordOrder.Big), (flow.Type, flow.WordOrder, flow.ByteOrder));
        Assert.Equal((new ValueRange(0, 130), 0.05), (flow.Range, flow.Deadband));
        Assert.Equal("it's \"here\"", config.Tags["name"].Description);
        var uplink = Assert.IsType<MqttUplinkConfig>(config.Uplinks["site"]);
        Assert.Equal((DrainOrder.HistoryFirst, new SecretReference(SecretKind.Environment, "SET")),
            (uplink.Order, uplink.Password));
        Assert.Equal(TimeSpan.FromDays(30), config.Journal.KeepFor);
        Assert.Equal("line-1", result.Asset!.Path.Line);
    }

    [Fact]
    public void Entries_keep_the_order_of_the_file() =>
        Assert.Equal(["flow", "pressure", "name"], Load(Good).Config!.Tags.Keys);

    [Fact]
    public void Tags_are_read_alarms_and_derived_ones_each_after_those_it_uses()
    {
        var tags = Load(Good).Tags!;

        Assert.Equal(
            ["flow", "pressure", "name", "alarm.high", "hydraulic-power", "twice"], tags.All.Select(tag => tag.Name));
        Assert.Equal(Enumerable.Range(0, 6), tags.All.Select(tag => tag.Id.Index));
        // A scaled tag is a real number, whatever the device counts in.
        Assert.Equal(TagDataType.Float64, tags.All[1].Type);
        Assert.Equal(TagDataType.Float32, tags.All[0].Type);
        Assert.Equal("BAR", tags.All[1].Unit!.UneceCode);
        var derived = Assert.IsType<TagOrigin.Derived>(tags.All[5].Origin);
        Assert.Equal([tags.All[4].Id], derived.Expression.References);
    }

    [Fact]
    public void Model_outputs_become_tags_that_alarms_can_use()
    {
        using var folder = new TemporaryFolder();
        folder.Write("pump.onnx", "two inputs");
        var result = Load(Good.Replace("alarms:\n", "models:\n  condition: { package: pump.onnx }\nalarms:\n"
            + "  anomaly: { when: condition.score > condition.threshold, message: Anomaly }\n",
                StringComparison.Ordinal), folder.Path);

        Assert.Empty(result.Errors);
        Assert.True(result.Tags!.TryFind("condition.score", out var score));
        Assert.Equal(new TagOrigin.Model("condition", "score"), score.Origin);
        Assert.Equal(["anomaly", "high"], result.Alarms.Select(alarm => alarm.Name));
        Assert.Contains(score.Id, result.Alarms[0].When.References);
    }

    [Fact]
    public void A_byte_order_mark_and_windows_line_ends_are_fine()
    {
        byte[] bytes = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Good.ReplaceLineEndings("\r\n"))];
        var result = TestDriver.Loader.Parse("edgetwin.yaml", bytes, "/");
        Assert.Empty(result.Errors);
    }

    [Fact]
    public void Empty_sections_are_as_good_as_absent_ones()
    {
        var result =
            Load("gateway: { id: a }\nasset: { path: a }\nsources:\ntags: {}\nalarms: null\ntagFiles:\njournal:\n");
        Assert.Empty(result.Errors);
        Assert.Equal(4096, result.Config!.Journal.MaxSizeMb);
    }

    [Fact]
    public void What_is_legal_but_hardly_meant_is_a_warning()
    {
        var result = Load(Good.Replace("cadence: 5s", "cadence: 10ms", StringComparison.Ordinal)
            .Replace("env:SET", "env:UNSET", StringComparison.Ordinal)
            .Replace("deadband: 0.05", "deadband: 200", StringComparison.Ordinal)
            .Replace("  twice:", "  Flow: { expression: flow }\n  twice:", StringComparison.Ordinal)
            .Replace("tags:\n", "  idle: { driver: test, endpoint: 'h:1' }\ntags:\n", StringComparison.Ordinal));

        Assert.NotNull(result.Config);
        Assert.Equal(
            [
                "edgetwin.yaml:8:3: source 'idle' has no tags; nothing is read from it",
                "edgetwin.yaml:11:55: tag 'flow': deadband 200 covers the whole range [0, 130]; no change will ever "
                    + "be recorded",
                "edgetwin.yaml:12:105: tag 'pressure': a value is expected every 10ms, but source 'plc' reads only "
                    + "every 100ms; the tag will be called quiet or dead",
                "edgetwin.yaml:15:3: 'Flow' and 'flow' differ only in case; people will mix them up",
                "edgetwin.yaml:22:101: uplink 'site': 'password': environment variable 'UNSET' is not set here",
            ],
            result.Warnings.Select(warning => warning.ToString()));
    }

    [Fact]
    public void A_literal_secret_is_not_repeated_in_the_message()
    {
        var result = Load(Good.Replace("env:SET", "s3cret", StringComparison.Ordinal));
        Assert.Single(result.Errors);
        Assert.DoesNotContain("s3cret", result.Errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_missing_or_a_folder_or_too_large_is_an_error()
    {
        using var folder = new TemporaryFolder();
        var large = System.IO.Path.Combine(folder.Path, "large.yaml");
        using (var file = File.Create(large))
            file.SetLength(ConfigFileText.MaxBytes + 1);

        Assert.Contains(
            "is not there", Message(System.IO.Path.Combine(folder.Path, "none.yaml")), StringComparison.Ordinal);
        Assert.Contains("is a folder", Message(folder.Path), StringComparison.Ordinal);
        Assert.Contains("at most 16 MB", Message(large), StringComparison.Ordinal);

        static string Message(string path) => Assert.Single(TestDriver.Loader.Load(path).Errors).Message;
    }

    [Fact]
    public void Every_shipped_example_without_a_driver_of_its_own_loads_clean()
    {
        var result =
            TestDriver.Loader.Load(System.IO.Path.Combine(RepositoryFolder.Root, "config/examples/minimal.yaml"));
        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void A_tag_costs_the_same_whether_there_are_a_hundred_or_a_thousand()
    {
        var (few, many) = (Allocated(100), Allocated(1000));
        Assert.InRange(many, few, 10 * few);

        // What a load allocates is how much it does, and the same on every machine.
        static long Allocated(int count)
        {
            var text = new StringBuilder(Good[..Good.IndexOf("derived:", StringComparison.Ordinal)]);
            for (var i = 0; i < count; i++)
                text.Append(
                    $"  tag-{i}: {{ source: plc, address: \"reg:{i}\", type: float32, unit: L/min, range: [0, 130], "
                    + $"deadband: 0.05 }}\n");
            var bytes = Encoding.UTF8.GetBytes(text.ToString());
            TestDriver.Loader.Parse("f", bytes, "/");
            var before = GC.GetAllocatedBytesForCurrentThread();
            var result = TestDriver.Loader.Parse("f", bytes, "/");
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.Empty(result.Errors);
            Assert.Equal(count + 3, result.Tags!.Count);
            return allocated;
        }
    }

    private static ConfigResult Load(string text, string folder = "/") =>
        TestDriver.Loader.Parse("edgetwin.yaml", Encoding.UTF8.GetBytes(text), folder);
}
