using System.ComponentModel.DataAnnotations;

namespace EdgeTwin.Assets;

/// <summary>The asset that this gateway is the twin of.</summary>
internal sealed record AssetConfig
{
    /// <summary>ISA-95 path <c>enterprise/site/area/line/asset</c>; unique, part of every topic and node id.</summary>
    public required string Path { get; init; }

    /// <summary>Kind of machine, such as <c>Pump</c>.</summary>
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

    /// <summary>World-wide unique uri of this one machine; made of manufacturer, model and serial when
    /// absent.</summary>
    public string? ProductInstanceUri { get; init; }

    /// <summary>Revision of the machine's hardware.</summary>
    public string? HardwareRevision { get; init; }

    /// <summary>Version of the machine's software.</summary>
    public string? SoftwareRevision { get; init; }

    /// <summary>Identifier that the plant gives the machine, such as its inventory number.</summary>
    public string? AssetId { get; init; }

    /// <summary>Name that the plant gives the machine, for people; the last part of <c>path</c> when absent.</summary>
    public string? ComponentName { get; init; }

    /// <summary>Where the machine stands, for people.</summary>
    public string? Location { get; init; }

    /// <summary>Year in which it was built.</summary>
    [Range(1900, 2200)]
    public int? YearOfConstruction { get; init; }
}
