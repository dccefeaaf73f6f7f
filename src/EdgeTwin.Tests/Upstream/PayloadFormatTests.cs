using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeTwin.Journal;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Support;
using EdgeTwin.Upstream;
using EdgeTwin.Upstream.Mqtt;

namespace EdgeTwin.Tests.Upstream;

public class PayloadFormatTests
{
    private static readonly DateTime Source = new(2026, 11, 22, 13, 1, 35, 100, DateTimeKind.Utc);
    private static readonly DateTime Received =
        new DateTime(2026, 11, 22, 13, 1, 35, DateTimeKind.Utc).AddTicks(1234567);
    private readonly TagTable tags = new();
    private readonly Utf8Payload payload = new();

    public PayloadFormatTests()
    {
        Add("flow", TagDataType.Float64, "L/min");
        Add("pressure", TagDataType.Float32, "bar");
        Add("running", TagDataType.Bool, null);
        Add("counter", TagDataType.Int64, null);
    }

    /// <summary>The document's examples are what the encoder writes, byte by byte.</summary>
    [Fact]
    public void The_documented_examples_are_true()
    {
        var examples = Regex.Matches(
                File.ReadAllText(Path.Combine(Root(), "docs", "payload.md")),
                "```json (?<name>\\w+)\n(?<text>.*?)\n```",
                RegexOptions.Singleline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
            .ToDictionary(m => m.Groups["name"].Value, m => m.Groups["text"].Value);
        Assert.Equal(7, examples.Count);
        Assert.Equal(examples["one"], Encode("{asset.path}/{tag}", 12345, Sample("flow", TagValue.From(87.25))).Text);
        Assert.Equal(examples["bad"], Encode("{tag}", 12346,
            Sample("pressure", TagValue.None, StatusCode.BadTimeout) with { Clock = ClockState.Unsynchronised }).Text);
        Assert.Equal(examples["scan"], Encode("{asset.path}/data", 101, Scan()).Text);
        Assert.Equal(examples["filtered"], Encode(Config("{asset.path}/data"), [101, 102, 104, 105], Scan()).Text);
        Assert.Equal(examples["batch"], Encode(Config("{asset.path}/data") with { Batch = new() }, [101, 102, 103],
            Sample("flow", TagValue.From(87.25)), Sample("running", TagValue.From(true)),
            Sample("flow", TagValue.From(87.5)) with { SourceTime = Source.AddSeconds(1) }).Text
            .Replace("},{", "},\n {", StringComparison.Ordinal));
        var asset = PayloadFormats.Create(Config("{asset.path}/state") with { Format = PayloadForm.Asset }, Context());
        Encode(asset, [101, 102, 103, 104], Scan());
        Assert.Equal(examples["asset"], Encode(asset, [105], Sample("flow", TagValue.From(87.5))).Text);
        Assert.Equal(examples["own"], Encode(Config("{asset.path}/{tag}") with
        {
            Payload = "{\"v\": {value}, \"u\": \"{unit}\", \"q\": \"{quality}\", \"ms\": {unix}, "
                + "\"at\": \"{epoch}:{seq}\"}",
        }, [12345], Sample("flow", TagValue.From(87.25))).Text);
    }

    [Fact]
    public void Topics_are_filled_in_once_per_tag()
    {
        Assert.Equal("acme/pump-7/flow", Encode("{asset.path}/{tag}", 1, Sample("flow", TagValue.From(1.0))).Topic);
        Assert.Equal("gw/acme/pump-7", Encode("{gateway.id}/{asset.path}", 1, Scan()).Topic);
    }

    [Fact]
    public void A_scan_ends_where_the_time_changes_or_a_tag_comes_again()
    {
        var flow = Sample("flow", TagValue.From(1.0));
        var running = Sample("running", TagValue.From(true));
        Assert.Equal(2, Encode("t", 1, flow, running, flow).Count);
        Assert.Equal(1, Encode("t", 1, flow, running with { SourceTime = Source.AddTicks(1) }).Count);
        Assert.Equal(1, Encode("t", 1, flow, running with { ReceiveTime = Received.AddTicks(1) }).Count);
        Assert.Equal(1, Encode("t", 1, flow, running with { Clock = ClockState.Unsynchronised }).Count);
        Assert.Contains("\"values\":{\"flow\":1,\"running\":true}", Encode("t", 1, flow, running).Text,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.0, "0")]
    [InlineData(-0.0, "-0")]
    [InlineData(1.5, "1.5")]
    [InlineData(-0.001, "-0.001")]
    [InlineData(0.1, "0.1")]
    [InlineData(87.25, "87.25")]
    [InlineData(1e21, "1E+21")]
    [InlineData(0.30000000000000004, "0.30000000000000004")]
    [InlineData(double.NaN, "\"NaN\"")]
    [InlineData(double.PositiveInfinity, "\"Infinity\"")]
    [InlineData(double.NegativeInfinity, "\"-Infinity\"")]
    public void Numbers_are_written_with_the_shortest_digits(double number, string expected)
    {
        payload.Clear();
        payload.Number(number);
        Assert.Equal(expected, Encoding.UTF8.GetString(payload.Written));
    }

    [Fact]
    public void Every_number_reads_back_bit_for_bit()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < 50_000; i++)
        {
            var number = random.Next(3) switch
            {
                0 => BitConverter.Int64BitsToDouble(random.NextInt64()),
                1 => Math.Round(random.NextDouble() * 1000, random.Next(8)),
                _ => random.Next(-100_000, 100_000) / 1000.0,
            };
            if (double.IsFinite(number)) AssertReadsBack(number, $"seed {seed}");
            var single = random.Next(2) == 0
                ? BitConverter.Int32BitsToSingle(random.Next())
                : (float)Math.Round(random.NextDouble() * 100, random.Next(6));
            if (!float.IsFinite(single)) continue;
            payload.Clear();
            payload.Number(single);
            var text = Encoding.UTF8.GetString(payload.Written);
            Assert.True(float.Parse(text, CultureInfo.InvariantCulture) == single,
                $"seed {seed}: {single:R} became {text}");

        }
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("a \"quoted\" \\ text\n\r\t\u0001\u001f")]
    [InlineData("Größe ℃ 😀")]
    public void Strings_are_escaped_so_that_any_reader_gets_them_back(string text)
    {
        payload.Clear();
        payload.Text(text);
        Assert.Equal(text, JsonSerializer.Deserialize<string>(payload.Written));
    }

    [Fact]
    public void Encoding_allocates_nothing_in_steady_state()
    {
        IPayloadFormat[] formats =
        [
            PayloadFormats.Create(Config("t"), Context()),
            PayloadFormats.Create(Config("{tag}"), Context()),
            PayloadFormats.Create(Config("t") with { Batch = new BatchConfig() }, Context()),
            PayloadFormats.Create(Config("t") with { Format = PayloadForm.Asset }, Context()),
            PayloadFormats.Create(Config("{tag}") with { Payload = "{value} {time} {unit} {tag}" }, Context()),
        ];
        var scan = Scan();
        long[] places = [1, 2, 3, 4];
        Cycle();
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 1000; i++) Cycle();
        }));

        void Cycle()
        {
            foreach (var format in formats)
            {
                payload.Clear();
                format.Encode(new SampleRun(1, places, scan, isHistory: false), payload, out _);
            }
        }
    }

    [Fact]
    public void A_batch_ends_at_its_samples_and_at_its_bytes()
    {
        var many = Enumerable.Range(0, 100).Select(i =>
            Sample("flow", TagValue.From(i + 0.5)) with { SourceTime = Source.AddSeconds(i) }).ToArray();
        long[] places = [.. Enumerable.Range(1, 100)];
        var config = Config("t") with { Batch = new BatchConfig { Samples = 40 } };
        Assert.Equal(40, Encode(config, places, many).Count);
        var (_, text, count) = Encode(config with { Batch = new BatchConfig { MaxKb = 1 } }, places, many);
        Assert.InRange(text.Length, 500, 1001);
        Assert.Equal(count, JsonDocument.Parse(text).RootElement.GetArrayLength());
    }

    [Theory]
    [InlineData(true, "t/gzip")]
    [InlineData(false, "t/br")]
    public void A_packed_message_says_so_in_its_topic_and_unpacks_to_what_it_was(bool isGzip, string topic)
    {
        var packed = "t"u8;
        ReadOnlySpan<byte> text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("flow 87.25 ", 1000)));
        var bytes = text;
        PayloadPress.For(isGzip ? Compression.Gzip : Compression.Brotli)!.Pack(ref packed, ref bytes);
        Assert.Equal(topic, Encoding.UTF8.GetString(packed));
        Assert.InRange(bytes.Length, 10, 500);
        using var source = new MemoryStream(bytes.ToArray());
        using Stream plain = isGzip
            ? new GZipStream(source, CompressionMode.Decompress)
            : new BrotliStream(source, CompressionMode.Decompress);
        using var reader = new StreamReader(plain);
        Assert.Equal(Encoding.UTF8.GetString(text), reader.ReadToEnd());
    }

    [Fact]
    public void A_value_in_a_payload_of_ones_own_is_escaped_as_JSON_wants_it()
    {
        tags.Add(id => new TagDefinition
        {
            Id = id,
            Name = "note",
            Type = TagDataType.String,
            Origin = new TagOrigin.Source("plc", "holding:0"),
        });
        var config = Config("{tag}") with { Payload = """{"note": {value}, "of": "{tag}", "n": {seq}}""" };
        var (_, text, _) = Encode(config, [7], Sample("note", TagValue.From("a \"b\"\n{seq}")));
        var read = JsonDocument.Parse(text).RootElement;
        Assert.Equal("a \"b\"\n{seq}", read.GetProperty("note").GetString());
        Assert.Equal(7, read.GetProperty("n").GetInt32());
    }

    [Theory]
    [InlineData("""{"v": {valu}}""", "did you mean 'value'")]
    [InlineData("", "empty")]
    [InlineData("{flow}", "known are value, time")]
    public void A_bad_payload_is_found_in_the_configuration(string template, string message)
    {
        PayloadTemplate.Parse(template, out var problem);
        Assert.Contains(message, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_contradict_each_other_are_found_in_the_configuration()
    {
        Assert.Empty(PayloadFormats.Check(Config("a/{tag}")));
        Assert.Empty(PayloadFormats.Check(Config("a") with { Batch = new BatchConfig() }));
        Assert.Equal("topic", Key(Config("a/{tag}") with { Batch = new BatchConfig() }));
        Assert.Equal("topic", Key(Config("a") with { Format = PayloadForm.Tag }));
        Assert.Equal("batch", Key(Config("a") with { Format = PayloadForm.Scan, Batch = new BatchConfig() }));
        Assert.Equal("payload", Key(Config("a") with { Format = PayloadForm.Scan, Payload = "{value}" }));

        static string Key(MqttUplinkConfig config) => Assert.Single(PayloadFormats.Check(config)).Key;
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("{asset.path}/{tagg}", "{tagg}")]
    [InlineData("{asset.path}/#", "wildcard")]
    [InlineData("a/+/b", "wildcard")]
    [InlineData("a/{tag", "brace")]
    [InlineData("$SYS/{tag}", "$")]
    [InlineData("a\nb", "control")]
    public void A_bad_topic_is_found_in_the_configuration(string topic, string word) =>
        Assert.Contains(word, TopicTemplate.Problem(topic), StringComparison.Ordinal);

    [Fact]
    public void A_good_topic_has_no_problem() => Assert.Null(TopicTemplate.Problem("{asset.path}/{gateway.id}/{tag}"));

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "EdgeTwin.sln"))) folder = folder.Parent;
        return folder.FullName;
    }

    private void AssertReadsBack(double number, string hint)
    {
        payload.Clear();
        payload.Number(number);
        var text = Encoding.UTF8.GetString(payload.Written);
        var read = double.Parse(text, CultureInfo.InvariantCulture);
        Assert.True(BitConverter.DoubleToInt64Bits(read) == BitConverter.DoubleToInt64Bits(number),
            $"{hint}: {number:R} became {text}");
    }

    private Sample[] Scan() =>
    [
        Sample("flow", TagValue.From(87.25)),
        Sample("pressure", TagValue.None, StatusCode.BadTimeout),
        Sample("running", TagValue.From(true)),
        Sample("counter", TagValue.From(9007199254740993)),
    ];

    private static MqttUplinkConfig Config(string topic) =>
        new() { Driver = "mqtt", Endpoint = new Uri("mqtt://127.0.0.1"), Topic = topic };

    private UplinkContext Context() => new("acme/pump-7", "gw", tags, TimeProvider.System, ".");

    private (string Topic, string Text, int Count) Encode(string topic, long sequence, params Sample[] samples) =>
        Encode(Config(topic), [.. Enumerable.Range(0, samples.Length).Select(i => sequence + i)], samples);

    private (string Topic, string Text, int Count) Encode(
        MqttUplinkConfig config, long[] places, params Sample[] samples) =>
        Encode(PayloadFormats.Create(config, Context()), places, samples);

    private (string Topic, string Text, int Count) Encode(
        IPayloadFormat format, long[] places, params Sample[] samples)
    {
        payload.Clear();
        var count = format.Encode(new SampleRun(3, places, samples, isHistory: false), payload, out var topic);
        return (Encoding.UTF8.GetString(topic), Encoding.UTF8.GetString(payload.Written), count);
    }

    private Sample Sample(string tag, TagValue value, StatusCode? status = null)
    {
        Assert.True(tags.TryFind(tag, out var definition));
        return new Sample(definition.Id, value, status ?? StatusCode.Good, Source, Received, ClockState.Synchronised);
    }

    private void Add(string name, TagDataType type, string? unit) => tags.Add(id => new TagDefinition
    {
        Id = id,
        Name = name,
        Type = type,
        Origin = new TagOrigin.Source("plc", "holding:0"),
        Unit = unit is null ? null : new EngineeringUnit(unit, default, 1),
    });
}
