using System.ComponentModel.DataAnnotations;

namespace EdgeTwin.Configuration;

/// <summary>The gateway itself.</summary>
internal sealed record GatewayConfig
{
    /// <summary>Name of this gateway, unique among those of one broker.</summary>
    [RegularExpression(
        "[A-Za-z0-9][A-Za-z0-9_-]{0,62}",
        ErrorMessage = "must be 1 to 63 letters, digits, '_' or '-', and begin with a letter or digit")]
    public required string Id { get; init; }

    /// <summary>Folder for the journal and the control socket, relative to the configuration file.</summary>
    public string Data { get; init; } = "./data";
}
