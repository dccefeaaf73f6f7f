using EdgeTwin.Assets;
using EdgeTwin.Serving.OpcUa;
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
    IReadOnlyDictionary<string, SourceDriver> drivers,
    Func<UplinkConfig, IEnumerable<(string Key, string Message)>> checkUplink, Func<string, string?> environment)
{
    public void Check()
    {
        CheckAsset();
        foreach (var (name, tag) in config.Tags)
            CheckTag(name, tag);
        CheckSourcesAreUsed();
        foreach (var (name, source) in config.Sources)
            CheckReferences(source, "sources", name);
        foreach (var (name, uplink) in config.Uplinks)
            CheckUplink(name, uplink);
        foreach (var (name, user) in config.Serving?.Opcua?.Users ?? new Dictionary<string, OpcUaUserConfig>())
        {
            CheckUser(name, user);
        }
    }

    private void CheckUser(string name, OpcUaUserConfig user)
    {
        var what = $"serving: opcua: user '{name}'";
        if (user.Password is { } password)
        {
            CheckSecret(password, $"{what}: 'password'", "serving", "opcua", "users", name, "password");
        }
        else if (user.Certificate is null && document.Find("serving", "opcua", "users", name, "password") is null
            && document.Find("serving", "opcua", "users", name, "certificate") is null)
        {
            errors.Add(document.LocateKey("serving", "opcua", "users", name),
                $"{what}: a user has a 'password' or a 'certificate'; give one");
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

        if (!config.Sources.TryGetValue(tag.Source, out var source)
            || !RecordShape.Of(source.GetType()).IsComplete(source))
            return;
        if (tag.Cadence is { } cadence && cadence < source.Scan)
        {
            errors.Warn(document.Locate("tags", name, "cadence"),
                $"tag '{name}': a value is expected every {DurationText.Format(cadence)}, but source '{tag.Source}' "
                    + "reads only every "
                + $"{DurationText.Format(source.Scan)}; the tag will be called quiet or dead");
        }

        // A driver sees only complete records; what is missing was reported.
        if (tag.Address is null || tag.Type == TagDataType.None
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

    private void CheckUplink(string name, UplinkConfig uplink)
    {
        CheckReferences(uplink, "uplinks", name);
        if (!RecordShape.Of(uplink.GetType()).IsComplete(uplink))
            return;
        foreach (var (key, message) in checkUplink(uplink))
            errors.Add(document.Locate("uplinks", name, key), $"uplink '{name}': '{key}': {message}");
    }

    // By convention a key whose name ends in "File" holds the path of a file that must be there.
    private void CheckReferences(object record, string section, string name)
    {
        var what = $"{ConfigNames.Noun(section)} '{name}'";
        foreach (var member in RecordShape.Of(record.GetType()).Members)
        {
            var value = member.Property.GetValue(record);
            if (value is SecretReference secret)
                CheckSecret(secret, $"{what}: '{member.Key}'", section, name, member.Key);
            else if (value is string file && member.Key.EndsWith("File", StringComparison.Ordinal)
                && !File.Exists(Path.Combine(baseFolder, file)))
                errors.Add(document.Locate(section, name, member.Key), NotThere($"{what}: '{member.Key}'", file));
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
