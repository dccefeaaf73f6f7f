using EdgeTwin.Tags;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Sources;

/// <summary>What a driver gets when it is made.</summary>
/// <param name="Name">The source's name in the configuration.</param>
/// <param name="Config">Its configuration, of the driver's own record.</param>
/// <param name="Tags">The tags it reads, with what the user wrote about each.</param>
/// <param name="Time">Clock for time stamps and time-outs.</param>
/// <param name="Clock">State of the clock, asked when a sample is stamped.</param>
/// <param name="Logger">For changes of state, not for attempts.</param>
/// <param name="BaseFolder">Folder of the configuration file; relative paths start there.</param>
internal sealed record SourceContext(
    string Name, SourceConfig Config, IReadOnlyList<SourceTag> Tags, TimeProvider Time, Func<ClockState> Clock,
    ILogger Logger, string BaseFolder)
{
    /// <summary>The gateway's id, by which it introduces itself to a server.</summary>
    public string GatewayId { get; init; } = "edgetwin";

    /// <summary>The gateway's data folder; that of the configuration where there is none.</summary>
    public string DataFolder { get; init; } = BaseFolder;

    /// <summary>Whether a name is that of a tag, of whatever source, or of a part of the asset.</summary>
    public Func<string, bool> IsNameTaken { get; init; } = _ => false;

    /// <summary>To be told when the driver has added to a file of tags, with its name as the configuration has
    /// it.</summary>
    public Action<string> OnTagFileGrown { get; init; } = _ => { };

    /// <summary>What the driver keeps from one connection to the next, such as the time of the last sample; null at
    /// first. Its own alone.</summary>
    public object? Kept { get; set; }
}
