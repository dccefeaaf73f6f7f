namespace EdgeTwin.Upstream.Mqtt;

/// <summary>The form that a configuration asks for.</summary>
internal static class PayloadFormats
{
    public static IPayloadFormat Create(MqttUplinkConfig config, UplinkContext context)
    {
        var topic = new TopicTemplate(config.Topic);
        var texts = new TagTexts(topic, context);
        if (config.Payload is { } template)
            return new TemplateFormat(PayloadTemplate.Parse(template, out _), texts, context);
        return Form(config, topic) switch
        {
            PayloadForm.Tag => new TagFormat(texts),
            PayloadForm.Asset => new AssetFormat(texts, context.Tags),
            PayloadForm.Batch => new BatchFormat(texts, config.Batch ?? new BatchConfig()),
            _ => new ScanFormat(texts),
        };
    }

    /// <summary>What is wrong with the keys that decide the form, as (key, message).</summary>
    public static IEnumerable<(string Key, string Message)> Check(MqttUplinkConfig config)
    {
        if (config.Payload is { } template)
        {
            PayloadTemplate.Parse(template, out var problem);
            if (problem is not null) yield return ("payload", problem);
            if (config.Format is not (PayloadForm.Auto or PayloadForm.Tag))
                yield return ("payload", "a payload of your own is for one sample a message; remove 'format' or this");
            if (config.Batch is not null)
                yield return ("batch", "a payload of your own is for one sample a message; remove 'batch' or "
                    + "'payload'");
            yield break;
        }

        if (TopicTemplate.Problem(config.Topic) is not null) yield break;
        var topic = new TopicTemplate(config.Topic);
        var form = Form(config, topic);
        if (topic.IsPerTag && form is not PayloadForm.Tag)
            yield return ("topic", $"the topic '{config.Topic}' has {{tag}}, but a message holds several tags; "
                + "remove {tag}, or the key 'format' or 'batch' that joins them");
        if (form == PayloadForm.Tag && !topic.IsPerTag)
            yield return ("topic", $"the topic '{config.Topic}' has no {{tag}}, and a message of format tag does not "
                + "name its tag; add {tag} or remove 'format'");
        if (config.Batch is not null && form is not PayloadForm.Batch)
            yield return ("batch", "a batch needs 'format: batch', or none; remove one of them");
    }

    private static PayloadForm Form(MqttUplinkConfig config, TopicTemplate topic) => config.Format switch
    {
        PayloadForm.Auto when config.Batch is not null => PayloadForm.Batch,
        PayloadForm.Auto => topic.IsPerTag ? PayloadForm.Tag : PayloadForm.Scan,
        _ => config.Format,
    };
}
