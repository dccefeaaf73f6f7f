using EdgeTwin.Mqtt;
using EdgeTwin.Mqtt.Sparkplug;

namespace EdgeTwin.Sources.Mqtt;

/// <summary>What Sparkplug B edge nodes send, of the nodes that have tags here.</summary>
internal sealed class SparkplugDecoder : IMqttDecoder
{
    private static readonly SparkplugLimits Limits = new() { MostElements = 200_000 };

    private readonly MqttSamples samples;
    private readonly Dictionary<string, SparkplugChild> nodes = new(StringComparer.Ordinal);

    public SparkplugDecoder(MqttSamples samples, IReadOnlyList<MqttTarget> targets)
    {
        (this.samples, Targets) = (samples, targets);
        foreach (var node in targets.GroupBy(target => target.Address.Place, StringComparer.Ordinal))
            nodes.Add(node.Key, new SparkplugChild(node.Key, node, samples));
        Filters = [.. nodes.Values.Select(node => SparkplugTopic.FilterOf(node.Group, node.Id))];
    }

    public IReadOnlyList<MqttTarget> Targets { get; }

    public IReadOnlyList<string> Filters { get; }

    public IReadOnlyList<string> StatusFilters => [];

    private ulong Now => SparkplugChild.Milliseconds(samples.Now);

    public string TopicOf(MqttTarget target)
    {
        var node = nodes[target.Address.Place];
        return $"{SparkplugTopic.Namespace}/{node.Group}/NBIRTH/{node.Id}";
    }

    public void Connected()
    {
        foreach (var node in nodes.Values) node.Host.Connected(Now);
    }

    public void Take(MqttMessage message, in MqttIntake into)
    {
        if (!SparkplugTopic.TryParse(message.Topic, out var topic) || message.Retain
            || !nodes.TryGetValue($"{topic.Group}/{topic.Node}", out var node)) return;
        try
        {
            node.Into = into;
            node.Host.Receive(topic, message.Payload.Span, Now, Limits);
        }
        catch (MqttException wrong)
        {
            throw new InvalidDataException(wrong.Message, wrong);
        }
    }

    public void Look(in MqttIntake into)
    {
        foreach (var node in nodes.Values)
        {
            node.Into = into;
            node.Host.Look(Now);
        }
    }

    public (string Topic, byte[] Payload)? TakeCommand()
    {
        foreach (var node in nodes.Values)
        {
            if (!node.Host.TryTakeRebirth(Now)) continue;
            return ($"{SparkplugTopic.Namespace}/{node.Group}/NCMD/{node.Id}",
                SparkplugHostNode.RebirthCommand(Now));
        }

        return null;
    }
}
