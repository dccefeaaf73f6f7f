using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Sources;
using EdgeTwin.Sources.OpcUa;
using EdgeTwin.Tags;
using TagStatus = EdgeTwin.Tags.StatusCode;

namespace EdgeTwin.Tests.Sources.OpcUa;

public class OpcUaValueTests
{
    private static readonly DateTime Now = new(2026, 11, 22, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Quality_and_the_sources_time_are_kept()
    {
        var at = Now.AddSeconds(-3);
        var sample = Take(TagDataType.Float64, new DataValue(1.5, 0x40940480, at, Now));
        Assert.Equal((0x40940480u, at, Now), (sample.Status.Code, sample.SourceTime, sample.ReceiveTime));
        Assert.Equal(1.5, sample.Value.AsDouble());
    }

    [Fact]
    public void Without_the_sources_time_the_servers_counts_and_without_both_ours()
    {
        Assert.Equal(Now.AddSeconds(-1),
            Take(TagDataType.Float64, new DataValue(1.0, serverTimestamp: Now.AddSeconds(-1))).SourceTime);
        Assert.Equal(Now, Take(TagDataType.Float64, new DataValue(1.0)).SourceTime);
    }

    // One sample from the future would hold the tag back until then.
    [Fact]
    public void A_time_far_ahead_of_ours_is_not_believed() =>
        Assert.Equal(Now, Take(TagDataType.Float64, new DataValue(1.0, sourceTimestamp: Now.AddDays(1))).SourceTime);

    [Fact]
    public void A_bad_value_is_none_whatever_comes_with_it()
    {
        var sample = Take(TagDataType.Float64, new DataValue(1.0, StatusCodes.BadSensorFailure));
        Assert.True(sample.Value.IsNone);
        Assert.Equal(TagStatus.BadSensorFailure, sample.Status);
    }

    [Fact]
    public void A_large_counter_stays_exact_in_another_integer_type()
    {
        Assert.True(OpcUaValue.TryRead(9_007_199_254_740_993L, TagDataType.UInt64, out var value));
        Assert.Equal(TagValue.From(9_007_199_254_740_993UL), value);
        Assert.False(OpcUaValue.TryRead(-1L, TagDataType.UInt64, out _));
        Assert.True(OpcUaValue.TryRead(-5, TagDataType.Int8, out value));
        Assert.Equal(TagValue.From((sbyte)-5), value);
    }

    [Fact]
    public void What_does_not_fit_the_tag_is_bad()
    {
        Assert.Equal(TagStatus.BadTypeMismatch, Take(TagDataType.Int16, new DataValue(70_000)).Status);
        Assert.Equal(TagStatus.BadTypeMismatch, Take(TagDataType.Float64, new DataValue("12")).Status);
        Assert.Equal(TagStatus.BadTypeMismatch,
            Take(TagDataType.Float64, new DataValue(Variant.Of(new[] { 1.0 }))).Status);
        Assert.Equal(TagStatus.BadTypeMismatch, Take(TagDataType.Float64, new DataValue(Variant.Null)).Status);
    }

    [Fact]
    public void Times_and_localized_texts_are_texts()
    {
        Assert.True(OpcUaValue.TryRead(new LocalizedText("en", "open"), TagDataType.String, out var text));
        Assert.Equal("open", text.Text);
        Assert.True(OpcUaValue.TryRead(Now, TagDataType.String, out text));
        Assert.Equal("2026-11-22T12:00:00.0000000Z", text.Text);
    }

    [Fact]
    public void A_scaled_value_is_in_engineering_units()
    {
        var context = SourceContexts.Make(
            new OpcUaSourceConfig { Driver = "opcua", Endpoint = new Uri("opc.tcp://127.0.0.1:4840") },
            [SourceContexts.Tag("i=1", TagDataType.Int16) with { Scale = 0.1 }], TimeProvider.System);
        var sample = OpcUaValue.ToSample(context.Tags[0], new DataValue((short)235), Now, ClockState.Synchronised);
        Assert.Equal(23.5, sample.Value.AsDouble(), 9);
    }

    private static Sample Take(TagDataType type, DataValue value)
    {
        var context = SourceContexts.Make(
            new OpcUaSourceConfig { Driver = "opcua", Endpoint = new Uri("opc.tcp://127.0.0.1:4840") },
            [SourceContexts.Tag("i=1", type)], TimeProvider.System);
        return OpcUaValue.ToSample(context.Tags[0], value, Now, ClockState.Synchronised);
    }
}
