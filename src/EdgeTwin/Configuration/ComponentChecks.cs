using EdgeTwin.Tags;

namespace EdgeTwin.Configuration;

/// <summary>Finds what is wrong between the parts of the asset and the tags that name them.</summary>
internal static class ComponentChecks
{
    public static void Check(EdgeTwinConfig config, ConfigDocument document, TagScope tags, ConfigErrors errors)
    {
        var parts = config.Asset?.Components.Keys.ToList() ?? [];
        foreach (var part in parts.Where(part => tags.TryFind(part, out _)))
        {
            errors.Add(document.LocateKey("asset", "components", part),
                $"component '{part}': there is a tag '{part}' too, and their node ids would be one; choose another "
                + "name");
        }

        foreach (var (name, tag) in config.Tags) CheckTag("tags", name, tag.Component);
        foreach (var (name, tag) in config.Derived) CheckTag("derived", name, tag.Component);

        void CheckTag(string section, string name, string? part)
        {
            if (part is null || parts.Contains(part)) return;
            var hint = parts.Count == 0 ? "; name it under asset: { components: … }"
                : NearestName.Hint(part, parts, "there are");
            errors.Add(document.Locate(section, name, "component"),
                $"{ConfigNames.Noun(section)} '{name}': the asset has no component '{part}'{hint}");
        }
    }
}
