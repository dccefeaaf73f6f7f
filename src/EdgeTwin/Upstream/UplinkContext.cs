using EdgeTwin.Assets;
using EdgeTwin.Commands;
using EdgeTwin.Tags;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Upstream;

/// <summary>What an uplink gets when it is made.</summary>
/// <param name="AssetPath">ISA-95 path of the asset.</param>
/// <param name="GatewayId">Name of the gateway.</param>
/// <param name="Tags">All tags.</param>
/// <param name="Time">Clock for deadlines.</param>
/// <param name="BaseFolder">Folder of the configuration file; relative paths start there.</param>
internal sealed record UplinkContext(string AssetPath, string GatewayId, TagTable Tags, TimeProvider Time,
    string BaseFolder)
{
    /// <summary>The uplink's name in the configuration.</summary>
    public string Name { get; init; } = "";

    /// <summary>The asset with its parts, as far as a far side is told of it; null where there is none.</summary>
    public AssetConfig? Asset { get; init; }

    /// <summary>The way to the machine for those far sides that command.</summary>
    public ICommandPort Commands { get; init; } = new RefusingCommandPort();

    /// <summary>The live state, for those far sides that are told all of it at the beginning; null where there is
    /// none.</summary>
    public Func<CancellationToken, ValueTask<LiveState>>? Live { get; init; }

    /// <summary>For changes of state.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The configured type of a part, or of the asset where it gets null; null when there is none.</summary>
    public string? TypeOf(string? component) => component is null ? Asset?.Type
        : Asset?.Components.GetValueOrDefault(component)?.Type;
}
