namespace EdgeTwin.Assets;

/// <summary>What stands on the nameplate of a machine or of a part.</summary>
internal abstract record NameplateConfig
{
    /// <summary>Kind of machine or part, such as <c>Pump</c>.</summary>
    public string? Type { get; init; }

    /// <summary>Manufacturer, as on the nameplate.</summary>
    public string? Manufacturer { get; init; }

    /// <summary>Model, as on the nameplate.</summary>
    public string? Model { get; init; }

    /// <summary>Serial number, as on the nameplate.</summary>
    public string? Serial { get; init; }

    /// <summary>Manufacturer's uri, such as <c>http://www.acme.example</c>.</summary>
    public string? ManufacturerUri { get; init; }

    /// <summary>Order number of the manufacturer.</summary>
    public string? ProductCode { get; init; }

    /// <summary>World-wide unique uri of this one machine or part; made of manufacturer, model and serial when
    /// absent.</summary>
    public string? ProductInstanceUri { get; init; }

    /// <summary>Revision of the hardware.</summary>
    public string? HardwareRevision { get; init; }

    /// <summary>Version of the software.</summary>
    public string? SoftwareRevision { get; init; }

    /// <summary>Identifier that the plant gives it, such as its inventory number.</summary>
    public string? AssetId { get; init; }

    /// <summary>Name that the plant gives it, for people; the last part of the asset's path, or the part's name, when
    /// absent.</summary>
    public string? ComponentName { get; init; }

    /// <summary>The uri of this one: as written, or made of what is known; null where too little is.</summary>
    internal string? InstanceUri => ProductInstanceUri
        ?? (Manufacturer is { } maker && Serial is { } serial
            ? $"urn:{Uri.EscapeDataString(maker)}:{Uri.EscapeDataString(Model ?? "machine")}"
                + $":{Uri.EscapeDataString(serial)}"
            : null);
}
