using System.IO.Compression;
using System.Text;
using EdgeTwin.Sources.Mqtt;
using EdgeTwin.Tags;
using Xunit.Abstractions;

namespace EdgeTwin.Tests.Sources.Mqtt;

/// <summary>What our own uplinks send, read back; golden texts are those of docs/payload.md.</summary>
public class JsonDecoderTests(ITestOutputHelper log)
{
    private const string One = """
        {"value":87.25,"unit":"L/min","quality":"Good","status":0,"time":"2026-11-22T12:59:35.1000001Z",
        "received":"2026-11-22T12:59:35.1234567Z","epoch":3,"seq":12345,"clock":"synchronised"}
        """;

    private const string Scan = """
        {"epoch":3,"seq":101,"count":4,"time":"2026-11-22T12:59:35.1000000Z",
        "received":"2026-11-22T12:59:35.1234567Z",
        "values":{"flow":87.25,"pressure":null,"running":true,"counter":9007199254740993},
        "quality":{"pressure":"BadTimeout"}}
        """;

    private readonly MqttDecoderBench bench = new(MqttSourceFormat.Json,
        SourceContexts.Tag("acme/pump-7/flow"),
        SourceContexts.Tag("acme/pump-7/pressure"),
        SourceContexts.Tag("acme/pump-7/running", TagDataType.Bool),
        SourceContexts.Tag("acme/pump-7/counter", TagDataType.Int64),
        SourceContexts.Tag("acme/pump-8/flow"));

    [Fact]
    public void A_message_of_one_sample_keeps_value_quality_and_time()
    {
        var sample = Assert.Single(bench.Samples("acme/pump-7/flow", Encoding.UTF8.GetBytes(One)));
        Assert.Equal((TagValue.From(87.25), StatusCode.Good), (sample.Value, sample.Status));
        Assert.Equal(new DateTime(2026, 11, 22, 12, 59, 35, DateTimeKind.Utc).AddTicks(1_000_001), sample.SourceTime);
        Assert.Equal(MqttDecoderBench.Start, sample.ReceiveTime);
    }

    [Fact]
    public void A_scan_goes_to_its_tags_and_a_counter_beyond_doubles_stays_exact() => Assert.Equal(
        ["t0=87.25 Good", "t1= BadTimeout", "t2=true Good", "t3=9007199254740993 Good"],
        bench.Take("acme/pump-7/data", Scan));

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public void A_packed_batch_is_unpacked_by_the_last_level_of_its_topic(string level)
    {
        using var packed = new MemoryStream();
        using (Stream press = level == "br" ? new BrotliStream(packed, CompressionLevel.Fastest)
            : new GZipStream(packed, CompressionLevel.Fastest))
            press.Write(Encoding.UTF8.GetBytes($"[{Scan},{Scan.Replace("101", "105").Replace("87.25", "88")}]"));
        var samples = bench.Take($"acme/pump-7/data/{level}", packed.ToArray());
        Assert.Equal(8, samples.Count);
        Assert.Equal("t0=88 Good", samples[4]);
    }

    [Fact]
    public void Places_that_a_filter_left_out_and_those_of_an_asset_message_are_heeded()
    {
        const string Filtered = """
            {"epoch":3,"seq":101,"count":2,"seqs":[101,107],"time":"2026-11-22T12:59:35Z",
             "values":{"flow":1,"running":true}}
            """;
        const string Asset = """
            {"epoch":3,"seq":105,"count":1,"new":{"flow":105},"time":"2026-11-22T12:59:35Z",
             "values":{"flow":2,"running":false,"counter":5}}
            """;
        Assert.Equal(["t0=1 Good", "t2=true Good"], bench.Take("acme/pump-7/data", Filtered));
        Assert.Equal(["t0=2 Good"], bench.Take("acme/pump-7/data", Asset));
        Assert.Empty(bench.Take("acme/pump-7/running", Message("true", 3, 106)));
        Assert.Single(bench.Take("acme/pump-7/running", Message("true", 3, 108)));
    }

    [Fact]
    public void What_is_older_than_the_newest_is_history_once_and_what_comes_twice_is_passed_over()
    {
        Assert.Single(bench.Take("acme/pump-7/flow", Message("1", 3, 10)));
        Assert.Empty(bench.Take("acme/pump-7/flow", Message("1", 3, 10)));
        Assert.Empty(bench.Late);
        Assert.Empty(bench.Take("acme/pump-7/flow", Message("0", 3, 9)));
        Assert.Equal(["t0=0 Good"], bench.LateTexts);
        Assert.Empty(bench.Take("acme/pump-7/flow", Message("0", 2, 999, "11:00:00")));
        Assert.Equal(new DateTime(2026, 11, 22, 11, 0, 0, DateTimeKind.Utc), Assert.Single(bench.Late).SourceTime);
        foreach (var again in (string[])[Message("0", 3, 9), Message("0", 2, 999, "11:00:00")])
        {
            Assert.Empty(bench.Take("acme/pump-7/flow", again));
            Assert.Empty(bench.Late);
        }

        Assert.Single(bench.Take("acme/pump-7/flow", Message("2", 4, 1)));
        // Control: another gateway has places of its own.
        Assert.Single(bench.Take("acme/pump-8/flow", Message("7", 1, 1)));
    }

    [Fact]
    public void A_gateway_that_lost_its_data_folder_is_believed_by_its_times()
    {
        Assert.Single(bench.Take("acme/pump-7/flow", Message("1", 30, 10)));
        Assert.Equal(["t0=2 Good"], bench.Take("acme/pump-7/flow", Message("2", 1, 1, "12:59:59")));
    }

    [Fact]
    public void A_gateway_that_lost_its_data_folder_may_count_where_it_counted_before()
    {
        bench.Take("acme/pump-7/data", Scan.Replace("\"epoch\":3,\"seq\":101", "\"epoch\":1,\"seq\":1"));
        Assert.Single(bench.Take("acme/pump-7/flow", Message("1", 1, 5)));
        Assert.Equal(["t0=2 Good"], bench.Take("acme/pump-7/flow", Message("2", 1, 1, "12:59:59")));
        Assert.Equal(["t3=9 Good"], bench.Take("acme/pump-7/counter", Message("9", 1, 2, "12:59:59")));
        Assert.Empty(bench.Take("acme/pump-7/counter", Message("9", 1, 2, "12:59:59")));
        Assert.Empty(bench.Late);
    }

    [Fact]
    public void A_backlog_behind_what_is_live_is_history_with_the_times_and_status_that_it_had()
    {
        bench.Take("acme/pump-7/data", Scan.Replace("101", "9001"));
        string[] levels = ["t0=87.25 Good", "t1= BadTimeout", "t2=true Good", "t3=9007199254740993 Good"];
        var late = Scan.Replace("12:59:35.1", "11:30:00.5");
        Assert.Empty(bench.Take("acme/pump-7/data", late));
        Assert.Equal(levels, bench.LateTexts);
        Assert.All(bench.Late, sample => Assert.Equal(
            (new DateTime(2026, 11, 22, 11, 30, 0, 500, DateTimeKind.Utc), MqttDecoderBench.Start),
            (sample.SourceTime, sample.ReceiveTime)));
        // The window of a connection that broke comes again, and what follows with it.
        Assert.Empty(bench.Take("acme/pump-7/data", $"[{late},{late.Replace("101", "105")}]"));
        Assert.Equal(levels, bench.LateTexts);
    }

    [Fact]
    public void A_gateway_that_goes_offline_takes_its_own_tags_with_it_and_no_others()
    {
        bench.Take("acme/pump-7/data", Scan);
        bench.Take("acme/pump-8/flow", Message("7", 1, 1));
        Assert.Equal(
            [.. Enumerable.Range(0, 4).Select(i => $"t{i}= BadNoCommunication")],
            bench.Take("acme/pump-7/$gateway", "offline"));
        Assert.Equal(["t4=8 Good"], bench.Take("acme/pump-8/flow", Message("8", 1, 2)));
        // Nothing counts until it says online, and then only what it said since.
        Assert.Empty(bench.Take("acme/pump-7/flow", Message("9", 4, 1)));
        Assert.Empty(bench.Take("acme/pump-7/$gateway", "offline"));
        Assert.Equal(["t0=9 Good"], bench.Take("acme/pump-7/$gateway", "online"));
    }

    [Fact]
    public void Of_what_came_before_the_word_online_only_the_newest_is_live_and_the_rest_is_history()
    {
        bench.Take("acme/pump-7/$gateway", "offline");
        bench.Take("acme/pump-7/flow", Message("1", 4, 1));
        Assert.Empty(bench.Take("acme/pump-7/flow", Message("2", 4, 2)));
        Assert.Equal(["t0=1 Good"], bench.LateTexts);
        Assert.Empty(bench.Take("acme/pump-7/flow", Message("0", 3, 8)));
        Assert.Equal(["t0=0 Good"], bench.LateTexts);
        Assert.Equal(["t0=2 Good"], bench.Take("acme/pump-7/$gateway", "online"));
    }

    [Fact]
    public void What_the_broker_had_kept_counts_again_after_a_loss_of_our_own_connection()
    {
        Assert.Single(bench.Take("acme/pump-7/flow", Message("1", 3, 10)));
        Assert.Empty(bench.Take("acme/pump-7/flow", Message("1", 3, 10), retain: true));
        foreach (var target in bench.Decoder.Targets) (target.IsHeard, target.Told) = (false, null);
        bench.Decoder.Connected();
        Assert.Empty(bench.Take("acme/pump-7/flow", Message("1", 3, 10)));
        Assert.Single(bench.Take("acme/pump-7/flow", Message("1", 3, 10), retain: true));
    }

    [Fact]
    public void What_a_gateway_said_before_it_went_does_not_make_it_live()
    {
        Assert.Equal(4, bench.Take("acme/pump-7/$gateway", "offline", retain: true).Count);
        Assert.Empty(bench.Take("acme/pump-7/flow", Message("1", 3, 10), retain: true));
        Assert.Empty(bench.Take("acme/pump-7/$gateway", "online"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[[]]")]
    [InlineData("5")]
    [InlineData("{\"value\":1}")]
    [InlineData("{\"value\":1,\"epoch\":1e99,\"seq\":1,\"time\":\"2026-11-22T12:59:35Z\"}")]
    [InlineData("{\"value\":1,\"epoch\":1,\"seq\":1,\"time\":\"yesterday\"}")]
    [InlineData("{\"value\":1,\"epoch\":1,\"seq\":1,\"time\":\"2026-11-22T12:59:35Z\",\"quality\":\"Splendid\"}")]
    [InlineData("{\"values\":[1],\"epoch\":1,\"seq\":1,\"time\":\"2026-11-22T12:59:35Z\"}")]
    [InlineData("{\"values\":{\"flow\":1},\"seqs\":[],\"epoch\":1,\"seq\":1,\"time\":\"2026-11-22T12:59:35Z\"}")]
    [InlineData("{\"value\":\"\\ud800\",\"epoch\":1,\"seq\":1,\"time\":\"2026-11-22T12:59:35Z\"}")]
    public void A_message_that_is_none_is_refused(string payload) =>
        Assert.Throws<InvalidDataException>(() => bench.Take("acme/pump-7/flow", payload));

    [Fact]
    public void A_message_that_is_too_deep_is_refused() => Assert.Throws<InvalidDataException>(
        () => bench.Take("acme/pump-7/flow", string.Concat(Enumerable.Repeat("[", 100_000))));

    [Fact]
    public void A_value_of_another_type_is_bad_and_costs_only_itself() => Assert.Equal(
        ["t0= BadTypeMismatch", "t2=true Good"],
        bench.Take("acme/pump-7/data", """
            {"epoch":3,"seq":1,"time":"2026-11-22T12:59:35Z","values":{"flow":"much","running":true}}
            """));

    [Fact]
    public void A_bomb_ends_at_the_limit()
    {
        using var packed = new MemoryStream();
        using (var press = new GZipStream(packed, CompressionLevel.Fastest))
            press.Write(new byte[MqttPayload.MostUnpacked + 1]);
        var refused = Assert.Throws<InvalidDataException>(() =>
            bench.Take("acme/pump-7/data/gzip", packed.ToArray()));
        Assert.Contains("more than 16777216 bytes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mutated_messages_are_read_or_refused_and_nothing_else()
    {
        var seed = Environment.TickCount;
        log.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var (read, refused) = (0, 0);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = Encoding.UTF8.GetBytes(round % 2 == 0 ? Scan : One);
            for (var i = random.Next(1, 4); i > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (random.Next(4) == 0) bytes = bytes[..random.Next(bytes.Length)];
            string[] topics = ["acme/pump-7/flow", "acme/pump-7/data", "acme/pump-7/data/gzip", "acme/pump-7/data/br"];
            try
            {
                bench.Samples(topics[random.Next(topics.Length)], bytes, random.Next(2) == 0);
                read++;
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.True(read > 100 && refused > 100, "control: both have happened");
    }

    private static string Message(string value, long epoch, long seq, string time = "12:59:35") =>
        $"{{\"value\":{value},\"time\":\"2026-11-22T{time}Z\",\"epoch\":{epoch},\"seq\":{seq}}}";
}
