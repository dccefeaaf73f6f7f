using EdgeTwin.Mqtt.Sparkplug;
using EdgeTwin.Sources.Mqtt;
using EdgeTwin.Tags;

namespace EdgeTwin.Tests.Sources.Mqtt;

/// <summary>What edge nodes send: births, data, and the history behind them.</summary>
public class SparkplugDecoderTests
{
    private const ulong Time = 1_795_352_400_000; // 2026-11-22T13:00:00Z

    private readonly MqttDecoderBench bench = new(MqttSourceFormat.Sparkplug,
        SourceContexts.Tag("plant/node/pump/flow", TagDataType.Int64),
        SourceContexts.Tag("plant/node/drive/motor/speed", TagDataType.Int64));

    private byte next;

    [Fact]
    public void Historical_values_are_history_with_their_own_time_and_status()
    {
        Birth(5, Time);
        Assert.Empty(Data("", History(1, Time - 5000), History(2, Time - 4000)));
        Assert.Equal(["t0=1 Good", "t0=2 Good"], bench.LateTexts);
        Assert.Equal(MqttDecoderBench.Start.AddSeconds(-5), bench.Late[0].SourceTime);
        Assert.Equal(["t0=6 Good"], Data("", Live(6, Time + 1000)));
    }

    [Fact]
    public void What_a_birth_showed_and_comes_among_the_history_too_is_one_sample()
    {
        Birth(5, Time);
        Data("", History(4, Time - 1000), History(5, Time));
        Assert.Equal(["t0=4 Good"], bench.LateTexts);
        // A rebirth, and news that were on the way to the journal.
        Birth(7, Time + 2000);
        Assert.Empty(Data("", Live(7, Time + 2000)));
        Assert.Empty(Birth(7, Time + 2000));
    }

    [Fact]
    public void A_place_that_comes_again_after_a_lost_connection_is_passed_over()
    {
        Birth(0, Time);
        Data("""{"epoch":3,"seq":7,"count":2}""", Live(1, Time + 1), Live(2, Time + 2));
        Birth(9, Time + 9);
        Data("""{"epoch":3,"seq":6,"count":3,"seqs":[6,8,11]}""",
            History(-1, Time - 1), History(2, Time + 2), History(5, Time + 5));
        Assert.Equal(["t0=-1 Good", "t0=5 Good"], bench.LateTexts);
        // Control: without places nobody can tell.
        Data("", History(5, Time + 5));
        Assert.Equal(["t0=5 Good"], bench.LateTexts);
    }

    [Fact]
    public void Members_of_an_instance_have_their_places_too()
    {
        Birth(0, Time);
        var birth = Motor([Live(1, Time)]) with { Name = "motor" };
        Assert.Equal(["t1=1 Good"], Send("DBIRTH/node/drive", "", birth));
        var history = Motor([Live(-2, Time - 2), Live(-1, Time - 1)]) with { IsHistorical = true };
        var place = """{"epoch":3,"seq":7,"count":2}""";
        Send("DDATA/node/drive", place, history);
        Assert.Equal(["t1=-2 Good", "t1=-1 Good"], bench.LateTexts);
        Send("DDATA/node/drive", place, history);
        Assert.Empty(bench.LateTexts);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"epoch\":1,\"seq\":1,\"count\":2}")]
    [InlineData("{\"epoch\":1,\"seq\":1,\"count\":1,\"seqs\":[]}")]
    [InlineData("{\"epoch\":1,\"seq\":1,\"count\":1,\"seqs\":[\"x\"]}")]
    [InlineData("{\"epoch\":\"x\",\"seq\":1,\"count\":1}")]
    public void A_body_that_says_no_places_costs_nothing(string body)
    {
        Birth(0, Time);
        Assert.Equal(["t0=1 Good"], Data(body, Live(1, Time + 1)));
    }

    private static SparkplugMetric Live(long value, ulong time) =>
        new() { Alias = 1, Timestamp = time, Value = SparkplugValue.FromInt64(value) };

    private static SparkplugMetric History(long value, ulong time) => Live(value, time) with { IsHistorical = true };

    private static SparkplugMetric Motor(SparkplugMetric[] speeds) => new()
    {
        Alias = 2,
        DataType = SparkplugDataType.Template,
        Value = SparkplugValue.From(new SparkplugTemplate
        {
            IsDefinition = false,
            TemplateRef = "Motor",
            Metrics =
            [
                .. speeds.Select(speed => speed with
                {
                    Alias = null,
                    Name = "speed",
                    DataType = SparkplugDataType.Int64,
                }),
            ],
        }),
    };

    private IReadOnlyList<string> Birth(long value, ulong time)
    {
        next = 0;
        Send("NBIRTH/node");
        return Send("DBIRTH/node/pump", "", Live(value, time) with
        {
            Name = "flow",
            DataType = SparkplugDataType.Int64,
        });
    }

    private IReadOnlyList<string> Data(string body, params SparkplugMetric[] metrics) =>
        Send("DDATA/node/pump", body, metrics);

    private IReadOnlyList<string> Send(string topic, string body = "", params SparkplugMetric[] metrics)
    {
        var writer = new SparkplugWriter();
        writer.Begin(Time, next++);
        foreach (var metric in metrics) writer.Metric(metric);
        if (body.Length > 0) writer.Body(System.Text.Encoding.UTF8.GetBytes(body));
        return bench.Take($"spBv1.0/plant/{topic}", writer.Written.ToArray());
    }
}
