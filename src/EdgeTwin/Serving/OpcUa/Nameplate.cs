using EdgeTwin.Assets;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Serving.OpcUa;

/// <summary>The nameplate of a machine and of a part (OPC 40001-1 §8.4 and §8.5, MachineIdentificationType and
/// MachineryComponentIdentificationType). What is mandatory there is shown even when the configuration does not say
/// it; its value is then missing.</summary>
internal static class Nameplate
{
    public static IEnumerable<NameplateEntry> Of(Asset machine)
    {
        var config = machine.Config;
        if (config.InstanceUri is null) yield return new("ProductInstanceUri", "", IsKnown: false);
        foreach (var entry in Of(config, machine.DisplayName)) yield return entry;
        if (config.Location is { } location) yield return new("Location", location, IsMachinery: true);
        if (config.YearOfConstruction is { } year)
            yield return new("YearOfConstruction", (ushort)year, IsMachinery: true);
    }

    public static IEnumerable<NameplateEntry> Of(Component part) => Of(part.Config, part.DisplayName);

    private static IEnumerable<NameplateEntry> Of(NameplateConfig plate, string name)
    {
        yield return Localized("Manufacturer", plate.Manufacturer);
        yield return new("SerialNumber", plate.Serial ?? "", plate.Serial is not null);
        if (plate.InstanceUri is { } instance) yield return new("ProductInstanceUri", instance);
        yield return Localized("ComponentName", name);
        if (plate.Model is { } model) yield return Localized("Model", model);
        if (plate.Type is { } type) yield return new("DeviceClass", type);
        if (plate.ManufacturerUri is { } uri) yield return new("ManufacturerUri", uri);
        if (plate.ProductCode is { } code) yield return new("ProductCode", code);
        if (plate.HardwareRevision is { } hardware) yield return new("HardwareRevision", hardware);
        if (plate.SoftwareRevision is { } software) yield return new("SoftwareRevision", software);
        if (plate.AssetId is { } asset) yield return new("AssetId", asset);
    }

    private static NameplateEntry Localized(string name, string? text) =>
        new(name, new LocalizedText(null, text ?? ""), text is not null);
}
