using System.Text;
using EdgeTwin.Mqtt;
using EdgeTwin.Sources;
using EdgeTwin.Sources.Mqtt;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Sources.Mqtt;

/// <summary>A decoder with tags t0, t1 … and the samples that it made last.</summary>
internal sealed class MqttDecoderBench
{
    public static readonly DateTime Start = new(2026, 11, 22, 13, 0, 0, DateTimeKind.Utc);

    public MqttDecoderBench(MqttSourceFormat format, params TagConfig[] tags)
    {
        Context = SourceContexts.Make(
            new MqttSourceConfig { Driver = "mqtt", Endpoint = new Uri("mqtt://127.0.0.1"), Format = format },
            tags, Time, Log);
        Decoder = MqttMemory.Of(Context).Decoder;
        Decoder.Connected();
    }

    public ManualTimeProvider Time { get; } = new(Start);

    public CollectingLogger Log { get; } = new();

    public SourceContext Context { get; }

    public IMqttDecoder Decoder { get; }

    /// <summary>Takes a message; each sample as "t0=87.25 Good".</summary>
    public IReadOnlyList<string> Take(string topic, string payload, bool retain = false) =>
        Take(topic, Encoding.UTF8.GetBytes(payload), retain);

    public IReadOnlyList<string> Take(string topic, byte[] payload, bool retain = false) =>
        [.. Samples(topic, payload, retain).Select(Text)];

    public IReadOnlyList<Sample> Samples(string topic, byte[] payload, bool retain = false)
    {
        var taken = new MqttIntake();
        Decoder.Take(new MqttMessage(topic, payload, MqttQos.AtLeastOnce, retain, Dup: false), in taken);
        return Returned(in taken);
    }

    public IReadOnlyList<string> Look()
    {
        var taken = new MqttIntake();
        Decoder.Look(in taken);
        return [.. Returned(in taken).Select(Text)];
    }

    /// <summary>What the last message told of the past.</summary>
    public IReadOnlyList<Sample> Late { get; private set; } = [];

    public IReadOnlyList<string> LateTexts => [.. Late.Select(Text)];

    private Sample[] Returned(in MqttIntake taken)
    {
        var samples = taken.Live.Samples.ToArray();
        Late = taken.Late.Samples.ToArray();
        taken.Live.Return();
        taken.Late.Return();
        return samples;
    }

    private static string Text(Sample sample) => $"t{sample.Tag.Index}={sample.Value} {sample.Status}";
}
