namespace EdgeTwin.Hosting;

/// <summary>A tag as people read it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value with round-trip digits; empty when there is none.</param>
/// <param name="Unit">Engineering unit; null when there is none.</param>
/// <param name="Quality">Name of its status code.</param>
/// <param name="Age">Time since the gateway got the value.</param>
/// <param name="Liveness">Live, quiet or dead; null where no cadence is configured.</param>
internal sealed record TagStatus(string Name, string Value, string? Unit, string Quality, TimeSpan Age,
    string? Liveness);
