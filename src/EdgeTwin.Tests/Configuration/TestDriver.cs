using System.ComponentModel.DataAnnotations;
using EdgeTwin.Configuration;
using EdgeTwin.Sources;
using EdgeTwin.Sources.Mqtt;
using EdgeTwin.Tags;
using EdgeTwin.Upstream;

namespace EdgeTwin.Tests.Configuration;

/// <summary>A source driver for tests of the configuration, so that they depend on no real one.</summary>
internal sealed record TestSourceConfig : SourceConfig, IConfigCheck
{
    /// <summary>Host and port.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Unit identifier.</summary>
    [Range(0, 255)]
    public byte Unit { get; init; } = 1;

    /// <summary>Pause between requests.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan Pause { get; init; }

    /// <summary>Whether to keep the connection.</summary>
    public bool Keep { get; init; } = true;

    /// <summary>Registers that are left out.</summary>
    [MinLength(1)]
    public IReadOnlyList<int> Skip { get; init; } = [0];

    public IEnumerable<(string Key, string Message)> Check()
    {
        if (!Endpoint.Contains(':'))
            yield return ("endpoint", $"'{Endpoint}' has no port; write host:port");
    }
}

internal static class TestDriver
{
    public static SourceDriver Driver { get; } = new(
        "test", typeof(TestSourceConfig), _ =>
            throw new InvalidOperationException("loading must not connect"), CheckTag);

    public static IReadOnlyDictionary<string, Type> Uplinks { get; } =
        new Dictionary<string, Type> { ["mqtt"] = typeof(MqttUplinkConfig) };

    public static ConfigLoader Loader { get; } =
        new([Driver, MqttSource.Driver], Uplinks, CheckUplink, ReadModel, name => name == "SET" ? "value" : null);

    private static IEnumerable<(string Key, string Message)> CheckUplink(UplinkConfig config)
    {
        var mqtt = (MqttUplinkConfig)config;
        if (mqtt.Endpoint.Scheme is not ("mqtt" or "mqtts"))
            yield return (
                "endpoint", $"'{mqtt.Endpoint.Scheme}://' is no broker; write mqtt://host:1883 or mqtts://host:8883");
        if (mqtt.Topic.Contains('#'))
            yield return ("topic", $"'{mqtt.Topic}' contains the wildcard '#'; a topic to publish to has none");
        if (mqtt.Password is not null && mqtt.User is null)
            yield return ("password", "a password needs a 'user'");
    }

    /// <summary>A package whose file says <c>broken</c> is broken; every other one has two inputs and two
    /// outputs.</summary>
    private static ModelPorts ReadModel(string package) =>
        File.ReadAllText(package).StartsWith("broken", StringComparison.Ordinal)
            ? new ModelPorts { Problems = ["it is not an ONNX model"] }
            : new ModelPorts
            {
                Inputs = [new("flow", TagDataType.Float64, "L/min"), new("pressure", TagDataType.Float64, "bar")],
                Outputs = [new("score", TagDataType.Float64, null), new("threshold", TagDataType.Float64, null)],
            };

    private static IEnumerable<(string Key, string Message)> CheckTag(SourceConfig source, TagConfig tag)
    {
        if (!tag.Address.StartsWith("reg:", StringComparison.Ordinal))
            yield return ("address", $"address '{tag.Address}' begins with no known table; write reg:NUMBER");
        else if (!ushort.TryParse(tag.Address.AsSpan(4), out _))
            yield return ("address", $"register {tag.Address[4..]} is outside 0-65535; addresses count from 0");
        if (tag.Type == TagDataType.String && tag.Length is null)
            yield return ("length", "a text needs 'length', its number of characters");
    }
}
