using EdgeTwin.Assets;
using EdgeTwin.Sources;
using EdgeTwin.Tags;
using EdgeTwin.Upstream;

namespace EdgeTwin.Configuration;

/// <summary>
/// Checks what a bound configuration refers to: sources, files, secrets, addresses. It meets records whose keys
/// failed to bind; those have their defaults (null where required), were reported, and are passed over here.
/// </summary>
internal sealed class ConfigValidator(
    EdgeTwinConfig config, ConfigDocument document, ConfigErrors errors, string baseFolder,
    IReadOnlyDictionary<string, SourceDriver> drivers, Func<string, string?> environment)
{
    public void Check()
    {
        CheckAsset();
        foreach (var (name, tag) in config.Tags)
            CheckTag(name, tag);
        CheckSourcesAreUsed();
        foreach (var (name, uplink) in config.Uplinks)
        {
            if (uplink is MqttUplinkConfig mqtt)
                CheckMqtt(name, mqtt);
        }
    }

    private void CheckAsset()
    {
        if (config.Asset is { Path: { } path } && !AssetPath.TryParse(path, out _, out var offset, out var problem))
            errors.Add(document.LocateInside(offset, "asset", "path"), $"asset: 'path' is '{path}': {problem}");
    }

    private void CheckTag(string name, TagConfig tag)
    {
        TagChecks.Check(name, tag, document, errors);
        if (tag.Source is null)
            return;
        if (document.Find("sources", tag.Source) is null)
        {
            var hint = config.Sources.Count == 0 ? "; the file has no sources"
                : NearestName.Hint(tag.Source, [.. document.Names("sources")], "there are");
            errors.Add(
                document.Locate("tags", name, "source"), $"tag '{name}': there is no source '{tag.Source}'{hint}");
            return;
        }

        if (!config.Sources.TryGetValue(tag.Source, out var source))
            return;
        if (tag.Cadence is { } cadence && cadence < source.Scan)
        {
            errors.Warn(document.Locate("tags", name, "cadence"),
                $"tag '{name}': a value is expected every {DurationText.Format(cadence)}, but source '{tag.Source}' "
                    + "reads only every "
                + $"{DurationText.Format(source.Scan)}; the tag will be called quiet or dead");
        }

        // A driver sees only complete records; what is missing was reported.
        if (tag.Address is null || tag.Type == TagDataType.None || source.Driver is null
            || !drivers.TryGetValue(source.Driver, out var driver))
            return;
        foreach (var (key, message) in driver.CheckTag(source, tag))
            errors.Add(document.Locate("tags", name, key), $"tag '{name}': {message}");
    }

    private void CheckSourcesAreUsed()
    {
        var used = config.Tags.Values.Select(tag => tag.Source).ToHashSet();
        foreach (var name in config.Sources.Keys)
        {
            if (!used.Contains(name))
                errors.Warn(
                    document.LocateKey("sources", name), $"source '{name}' has no tags; nothing is read from it");
        }
    }

    private void CheckMqtt(string name, MqttUplinkConfig mqtt)
    {
        if (mqtt.Endpoint is { Scheme: not ("mqtt" or "mqtts") } endpoint)
        {
            errors.Add(document.Locate("uplinks", name, "endpoint"),
                $"uplink '{name}': 'endpoint' begins with '{endpoint.Scheme}://'; an MQTT broker is "
                    + "mqtt://host:1883 or mqtts://host:8883");
        }

        CheckTopic(name, mqtt.Topic);
        if (mqtt.CaFile is { } caFile && !File.Exists(Path.Combine(baseFolder, caFile)))
            errors.Add(
                document.Locate("uplinks", name, "caFile"), NotThere($"uplink '{name}': certificate file", caFile));
        if (mqtt.Password is { } password)
            CheckSecret(password, $"uplink '{name}': 'password'", "uplinks", name, "password");
        if (mqtt.Password is not null && mqtt.User is null)
            errors.Add(document.Locate("uplinks", name, "password"),
                $"uplink '{name}': a password without 'user'; MQTT needs both");
    }

    private void CheckTopic(string name, string topic)
    {
        string[] known = ["{asset.path}", "{gateway.id}", "{tag}"];
        for (var at = 0; at < topic.Length; at++)
        {
            var close = topic[at] == '{' ? topic.IndexOf('}', at) : at;
            var field = close < 0 ? topic[at..] : topic[at..(close + 1)];
            string? problem = null;
            if (field is "+" or "#")
                problem = $"'{field}' is a wildcard; a topic to publish to has none";
            else if (field[0] == '{' && !known.Contains(field))
                problem = $"there is no field '{field}'{NearestName.Hint(field, known, "there are")}";
            if (problem is not null)
                errors.Add(document.LocateInside(at, "uplinks", name, "topic"),
                    $"uplink '{name}': 'topic' is '{topic}': {problem}");
            at = close < 0 ? topic.Length : close;
        }
    }

    private void CheckSecret(SecretReference secret, string what, params ReadOnlySpan<string> path)
    {
        // The gateway may run as another user elsewhere, so a secret that is not here is only worth a warning.
        if (secret.Kind == SecretKind.Environment && environment(secret.Name) is null)
            errors.Warn(document.Locate(path), $"{what}: environment variable '{secret.Name}' is not set here");
        else if (secret.Kind == SecretKind.File && !File.Exists(Path.Combine(baseFolder, secret.Name)))
            errors.Warn(document.Locate(path), NotThere($"{what}: file", secret.Name));
    }

    private string NotThere(string what, string file) =>
        $"{what} '{file}' is not there; paths start at the folder of the configuration file ({baseFolder})";
}
