using System.Text;
using EdgeTwin.Journal;
using EdgeTwin.Mqtt.Sparkplug;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Support;
using EdgeTwin.Twin;
using EdgeTwin.Upstream;

namespace EdgeTwin.Tests.Upstream.Sparkplug;

public class SparkplugMetricsTests
{
    private readonly SparkplugRig rig = new();
    private readonly SparkplugWriter writer = new();

    [Fact]
    public void A_birth_shows_every_tag_of_its_device_with_type_unit_and_range()
    {
        rig.Metrics.Update(State(new Position(1, 5), rig.Sample("Float64", TagValue.From(4.5))));
        var birth = Birth(0);
        Assert.Equal(rig.Tags.All.Where(tag => tag.Component is null).Select(tag => tag.Name),
            birth.Select(metric => metric.Name));
        Assert.All(birth, metric => Assert.NotNull(metric.Timestamp));
        var pressure = birth.Single(metric => metric.Name == "Float64");
        Assert.Equal((SparkplugDataType.Double, BitConverter.DoubleToUInt64Bits(4.5)),
            (pressure.DataType, pressure.Value.Bits));
        Assert.Equal(["engUnit:bar", "engLow:0", "engHigh:10"], pressure.Properties!.Select(Text));
        Assert.Equal(["speed"], Birth(1).Select(metric => metric.Name));
        Assert.Equal(["pump-7", "drive"], rig.Devices.Ids);
    }

    [Fact]
    public void A_tag_without_a_value_is_null_and_stale()
    {
        var metric = Birth(0).Single(metric => metric.Name == "Int8");
        Assert.True(metric.IsNull);
        Assert.Equal(SparkplugField.None, metric.Value.Field);
        Assert.Equal(["Quality:500", "status:BadWaitingForInitialData", "statusCode:2150760448"],
            metric.Properties!.Select(Text));
    }

    [Theory]
    [InlineData(0x80000000u, 0u)]   // Bad
    [InlineData(0x800A0000u, 0u)]   // BadTimeout
    [InlineData(0x80310000u, 500u)] // BadNoCommunication
    [InlineData(0x40900000u, 500u)] // UncertainLastUsableValue
    [InlineData(0x00300000u, null)] // GoodClamped
    public void Quality_is_192_500_or_0(uint code, uint? expected)
    {
        var metric = Assert.Single(Data([rig.Sample("Bool", TagValue.From(true), new StatusCode(code))]).Metrics);
        var quality = metric.Properties!.Where(property => property.Key == "Quality").ToList();
        if (expected is null) Assert.Empty(quality); // absent is good
        else Assert.Equal((SparkplugDataType.Int32, SparkplugField.Int, (ulong)expected),
            (quality[0].Type, quality[0].Value.Field, quality[0].Value.Bits));
    }

    [Fact]
    public void What_lies_before_the_birth_is_history_and_what_follows_is_not()
    {
        rig.Metrics.Update(State(new Position(2, 11)));
        var samples = Enumerable.Range(0, 4).Select(i => rig.Sample("Int64", TagValue.From((long)i), seconds: i));
        var payload = Data([.. samples], new Position(2, 10));
        Assert.Equal([true, true, false, false], payload.Metrics.Select(metric => metric.IsHistorical));
        Assert.Equal("{\"epoch\":2,\"seq\":10,\"count\":4}", Encoding.UTF8.GetString(payload.Body!.Value.Span));
        var late = Data([rig.Sample("Int64", TagValue.From(9L))], new Position(2, 3)); // the history lane
        Assert.True(Assert.Single(late.Metrics).IsHistorical);
    }

    [Fact]
    public void What_did_not_go_is_still_new_when_it_goes()
    {
        var sample = rig.Sample("Int64", TagValue.From(1L));
        Data([sample]);
        rig.Metrics.Withdraw();
        Assert.False(Assert.Single(Data([sample]).Metrics).IsHistorical);
        Assert.True(Assert.Single(Data([sample]).Metrics).IsHistorical); // control
    }

    [Fact]
    public void A_birth_that_has_to_be_small_leaves_out_long_texts()
    {
        rig.Metrics.Update(State(default, rig.Sample("String", TagValue.From(new string('x', 257)))));
        Assert.Equal(257, Birth(0).Single(metric => metric.Name == "String").Value.Text!.Length);
        rig.Metrics.LeavesOutLongTexts = true;
        var text = Birth(0).Single(metric => metric.Name == "String");
        Assert.True(text.IsNull);
        Assert.Equal(["Quality:0", "status:BadEncodingLimitsExceeded", "statusCode:2148007936"],
            text.Properties!.Select(Text));
        rig.Metrics.Update(State(default, rig.Sample("String", TagValue.From(new string('x', 256)))));
        Assert.False(Birth(0).Single(metric => metric.Name == "String").IsNull);
    }

    [Fact]
    public void A_message_ends_where_time_would_go_back_or_the_device_changes()
    {
        Assert.Equal(2, Count(rig.Sample("Int8", TagValue.From((sbyte)1), seconds: 1),
            rig.Sample("Int16", TagValue.From((short)1), seconds: 2),
            rig.Sample("Int32", TagValue.From(1), seconds: 1)));
        Assert.Equal(1, Count(rig.Sample("Int8", TagValue.From((sbyte)1), seconds: 3),
            rig.Sample("speed", TagValue.From(1.0), seconds: 3)));
    }

    [Fact]
    public void A_message_has_a_limited_size_and_always_a_sample()
    {
        var text = TagValue.From(new string('x', 60_000));
        Assert.Equal(2, Count([.. Enumerable.Repeat(rig.Sample("String", text), 5)]));
        Assert.Equal(1, Count(rig.Sample("String", TagValue.From(new string('é', 200_000)))));
        Assert.Equal(1000, Count([.. Enumerable.Repeat(rig.Sample("Bool", TagValue.From(true)), 2048)]));
    }

    [Fact]
    public void A_value_of_another_type_than_its_metric_is_converted_or_null()
    {
        var payload = Data([
            rig.Sample("Int8", TagValue.From(5.0)), rig.Sample("Int8", TagValue.From(500)),
            rig.Sample("String", TagValue.From(5)), rig.Sample("Float64", TagValue.From("5")),
        ]);
        Assert.Equal([SparkplugValue.FromInt32(5), default, SparkplugValue.From("5"),
            SparkplugValue.FromDoubleBits(BitConverter.DoubleToUInt64Bits(double.NaN))],
            payload.Metrics.Select(metric => metric.Value));
    }

    [Fact]
    public void Data_costs_no_allocation_in_steady_state()
    {
        Sample[] samples = [.. Enumerable.Range(0, 200).Select(i => i % 2 == 0
            ? rig.Sample("Float64", TagValue.From((double)i))
            : rig.Sample("Int32", TagValue.From(i), StatusCode.BadTimeout))];
        long[] places = [.. Enumerable.Range(1, samples.Length)];
        for (var i = 0; i < 3; i++) Write();
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (var i = 0; i < 50; i++) Write();
        }));

        void Write()
        {
            writer.Begin(1, 0);
            rig.Metrics.WriteData(new SampleRun(1, places, samples, isHistory: false), writer);
        }
    }

    [Fact]
    public void The_body_names_each_place_where_the_filter_left_some_out()
    {
        Sample[] samples = [rig.Sample("Int32", TagValue.From(1)), rig.Sample("Int32", TagValue.From(2))];
        writer.Begin(1, 0);
        rig.Metrics.WriteData(new SampleRun(3, [101, 104], samples, isHistory: false), writer);
        Assert.Equal("{\"epoch\":3,\"seq\":101,\"count\":2,\"seqs\":[101,104]}",
            Encoding.UTF8.GetString(SparkplugReader.Read(writer.Written).Body!.Value.Span));
    }

    private static LiveState State(Position head, params Sample[] samples)
    {
        var same = new SparkplugRig();
        return new LiveState(head, [.. same.Tags.All.Select(tag => new TagSnapshot(tag,
            samples.FirstOrDefault(sample => sample.Tag == tag.Id) is { Value.IsNone: false } known
                ? known
                : new Sample(tag.Id, TagValue.None, StatusCode.BadWaitingForInitialData, default, default,
                    ClockState.Synchronised),
            Liveness.Live, null))]);
    }

    private IReadOnlyList<SparkplugMetric> Birth(int device)
    {
        writer.Begin(1, 0);
        rig.Metrics.WriteDeviceBirth(device, writer, 1);
        return SparkplugReader.Read(writer.Written).Metrics;
    }

    private SparkplugPayload Data(Sample[] samples, Position? first = null)
    {
        writer.Begin(1, 0);
        Assert.Equal(samples.Length, rig.Metrics.WriteData(Run(first ?? new Position(1, 1), samples), writer));
        return SparkplugReader.Read(writer.Written);
    }

    private int Count(params Sample[] samples)
    {
        var fresh = new SparkplugRig(); // nothing is history yet
        writer.Begin(1, 0);
        return fresh.Metrics.WriteData(Run(new Position(1, 1), samples), writer);
    }

    private static SampleRun Run(Position first, Sample[] samples) => new(first.Epoch,
        Enumerable.Range(0, samples.Length).Select(i => first.Sequence + i).ToArray(), samples, isHistory: false);

    private static string Text(SparkplugProperty property) => $"{property.Key}:" + property.Value.Field switch
    {
        SparkplugField.String => property.Value.Text,
        SparkplugField.Double => $"{BitConverter.UInt64BitsToDouble(property.Value.Bits)}",
        _ => $"{property.Value.Bits}",
    };
}
