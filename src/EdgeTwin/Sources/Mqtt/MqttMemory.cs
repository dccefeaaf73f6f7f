namespace EdgeTwin.Sources.Mqtt;

/// <summary>What a source keeps from one connection to the next: what it knows of its tags, and which broker it was
/// at.</summary>
internal sealed class MqttMemory(IMqttDecoder decoder)
{
    public IMqttDecoder Decoder { get; } = decoder;

    /// <summary>Rank of the broker: the endpoint, then the alternatives.</summary>
    public int Broker { get; set; }

    public static MqttMemory Of(SourceContext context)
    {
        if (context.Kept is MqttMemory known) return known;
        var format = ((MqttSourceConfig)context.Config).Format;
        var targets = new List<MqttTarget>(context.Tags.Count);
        foreach (var tag in context.Tags)
        {
            // CheckTag refuses what is no address; a tag that came another way gets no value.
            if (MqttAddress.Parse(format, tag.Config.Address, out var address) is null)
                targets.Add(new MqttTarget(tag, address));
        }

        var samples = new MqttSamples(context);
        var memory = new MqttMemory(format switch
        {
            MqttSourceFormat.Sparkplug => new SparkplugDecoder(samples, targets),
            MqttSourceFormat.Value => new ValueDecoder(samples, targets),
            _ => new JsonDecoder(samples, targets),
        });
        context.Kept = memory;
        return memory;
    }
}
