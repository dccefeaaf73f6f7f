using EdgeTwin.Sources.Mqtt;
using EdgeTwin.Tags;

namespace EdgeTwin.Tests.Sources.Mqtt;

/// <summary>Plain payloads of foreign devices.</summary>
public class ValueDecoderTests
{
    [Theory]
    [InlineData("23.5", "Float64", "t0=23.5 Good")]
    [InlineData(" -4 ", "Int16", "t0=-4 Good")]
    [InlineData("18446744073709551615", "UInt64", "t0=18446744073709551615 Good")]
    [InlineData("1e3", "Int32", "t0=1000 Good")]
    [InlineData("ON", "Bool", "t0=true Good")]
    [InlineData("0", "Bool", "t0=false Good")]
    [InlineData("true", "Float32", "t0=1 Good")]
    [InlineData("ready", "String", "t0=ready Good")]
    [InlineData("300", "UInt8", "t0= BadTypeMismatch")]
    [InlineData("warm", "Float64", "t0= BadTypeMismatch")]
    [InlineData("", "Float64", "t0= BadTypeMismatch")]
    public void A_text_becomes_a_value_of_the_type_where_it_fits(string payload, string type, string sample)
    {
        var bench = new MqttDecoderBench(MqttSourceFormat.Value,
            SourceContexts.Tag("hall/4/t", Enum.Parse<TagDataType>(type)));
        Assert.Equal([sample], bench.Take("hall/4/t", payload));
        Assert.Empty(bench.Take("hall/4/u", payload));
    }

    [Fact]
    public void A_pointer_takes_a_value_out_of_a_document_and_a_missing_one_costs_only_itself()
    {
        var bench = new MqttDecoderBench(MqttSourceFormat.Value,
            SourceContexts.Tag("meter#/power/active"), SourceContexts.Tag("meter#/phases/1/a~1b", TagDataType.Int32),
            SourceContexts.Tag("meter#/power/reactive"));
        Assert.Equal(["t0=4.5 Good", "t1=7 Good", "t2= BadDecodingError"],
            bench.Take("meter", """{"power":{"active":4.5},"phases":[0,{"a/b":7}]}"""));
        Assert.All(bench.Take("meter", "4.5"), sample =>
            Assert.EndsWith("BadDecodingError", sample, StringComparison.Ordinal));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_bad_and_a_kept_value_is_uncertain()
    {
        var bench = new MqttDecoderBench(MqttSourceFormat.Value, SourceContexts.Tag("a", TagDataType.String));
        Assert.Equal(["t0= BadDecodingError"], bench.Take("a", [0xC3, 0x28]));
        Assert.Equal(["t0=x UncertainInitialValue"], bench.Take("a", "x", retain: true));
    }

    [Theory]
    [InlineData("value", "a/+/b")]
    [InlineData("value", "a#b")]
    [InlineData("value", "")]
    [InlineData("json", "flow")]
    [InlineData("json", "acme/pump-7/")]
    [InlineData("sparkplug", "plant/node")]
    [InlineData("sparkplug", "STATE/scada/x")]
    public void An_address_that_is_none_is_refused(string format, string address) =>
        Assert.NotNull(MqttAddress.Parse(Enum.Parse<MqttSourceFormat>(format, ignoreCase: true), address, out _));
}
