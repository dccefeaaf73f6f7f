using System.Text.Json;
using EdgeTwin.Mqtt;
using EdgeTwin.Tags;

namespace EdgeTwin.Sources.Mqtt;

/// <summary>Plain payloads of foreign devices. They say neither time nor quality: a value is of now and good, and one
/// that the broker had kept is uncertain, for nobody knows how old it is.</summary>
internal sealed class ValueDecoder : IMqttDecoder
{
    private readonly MqttSamples samples;
    private readonly ILookup<string, MqttTarget> byTopic;

    public ValueDecoder(MqttSamples samples, IReadOnlyList<MqttTarget> targets)
    {
        (this.samples, Targets) = (samples, targets);
        byTopic = targets.ToLookup(target => target.Address.Place, StringComparer.Ordinal);
        Filters = [.. byTopic.Select(topic => topic.Key)];
    }

    public IReadOnlyList<MqttTarget> Targets { get; }

    public IReadOnlyList<string> Filters { get; }

    public IReadOnlyList<string> StatusFilters => [];

    public string TopicOf(MqttTarget target) => target.Address.Place;

    public void Connected()
    {
    }

    public void Take(MqttMessage message, in MqttIntake into)
    {
        var status = message.Retain ? StatusCode.UncertainInitialValue : StatusCode.Good;
        JsonDocument? json = null;
        try
        {
            foreach (var target in byTopic[message.Topic])
            {
                TagValue value;
                try
                {
                    value = target.Address.Name.Length == 0
                        ? MqttValue.Read(MqttPayload.Text(message.Payload), target.Tag.Config.Type)
                        : At((json ??= MqttPayload.Json(message.Payload)).RootElement, target);
                }
                catch (Exception wrong) when (wrong is InvalidDataException or InvalidOperationException)
                {
                    var bad = samples.Make(target, TagValue.None, StatusCode.BadDecodingError, null);
                    MqttSamples.Add(target, in bad, in into);
                    continue;
                }

                MqttSamples.Add(target, samples.Make(target, value, status, null), in into);
            }
        }
        finally
        {
            json?.Dispose();
        }
    }

    public void Look(in MqttIntake into)
    {
    }

    public (string Topic, byte[] Payload)? TakeCommand() => null;

    // RFC 6901 §4: '~1' is '/', '~0' is '~', and a number counts into an array.
    private static TagValue At(JsonElement element, MqttTarget target)
    {
        foreach (var part in target.Address.Name[1..].Split('/'))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member))
                element = member;
            else if (element.ValueKind == JsonValueKind.Array && int.TryParse(name, out var index) && index >= 0
                && index < element.GetArrayLength())
                element = element[index];
            else throw new InvalidDataException($"there is no '{target.Address.Name}' in it");
        }

        return MqttValue.Read(element, target.Tag.Config.Type);
    }
}
