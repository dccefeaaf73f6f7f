using EdgeTwin.Assets;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Serving.OpcUa;

/// <summary>The nameplate of a machine (OPC 40001-1 §8.4, MachineIdentificationType). What is mandatory there is shown
/// even when the configuration does not say it; its value is then missing.</summary>
internal static class Nameplate
{
    public static IEnumerable<NameplateEntry> Of(Asset machine)
    {
        yield return Localized("Manufacturer", machine.Manufacturer);
        yield return new("SerialNumber", machine.Serial ?? "", machine.Serial is not null);
        yield return new("ProductInstanceUri", machine.ProductInstanceUri ?? "",
            machine.ProductInstanceUri is not null);
        yield return Localized("ComponentName", machine.ComponentName ?? machine.Path.Name);
        if (machine.Model is { } model) yield return Localized("Model", model);
        if (machine.Type is { } type) yield return new("DeviceClass", type);
        if (machine.ManufacturerUri is { } uri) yield return new("ManufacturerUri", uri);
        if (machine.ProductCode is { } code) yield return new("ProductCode", code);
        if (machine.HardwareRevision is { } hardware) yield return new("HardwareRevision", hardware);
        if (machine.SoftwareRevision is { } software) yield return new("SoftwareRevision", software);
        if (machine.AssetId is { } asset) yield return new("AssetId", asset);
        if (machine.Location is { } location) yield return new("Location", location, IsMachinery: true);
        if (machine.YearOfConstruction is { } year)
            yield return new("YearOfConstruction", (ushort)year, IsMachinery: true);
    }

    private static NameplateEntry Localized(string name, string? text) =>
        new(name, new LocalizedText(null, text ?? ""), text is not null);
}
