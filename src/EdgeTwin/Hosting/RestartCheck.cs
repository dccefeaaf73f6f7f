using System.Collections;
using EdgeTwin.Configuration;
using EdgeTwin.Serving.OpcUa;

namespace EdgeTwin.Hosting;

/// <summary>
/// What a running gateway cannot take from a new configuration, because others hold on to it: its name and folder, the
/// machine it is the twin of, and the OPC UA endpoint that clients are connected to.
/// </summary>
internal static class RestartCheck
{
    // Asked anew at each log-on.
    private static readonly string[] LiveKeys = ["users", "anonymous"];

    /// <summary>Each difference that needs a restart, as an error of the new file.</summary>
    /// <param name="before">What runs; without errors.</param>
    /// <param name="after">What is to run; without errors.</param>
    public static IEnumerable<ConfigError> Differences(ConfigResult before, ConfigResult after)
    {
        var (old, now) = (before.Config!, after.Config!);
        if (old.Gateway.Id != now.Gateway.Id)
            yield return Error(after, $"'id' was '{old.Gateway.Id}' and is '{now.Gateway.Id}'", "gateway", "id");
        if (Gateway.DataFolderOf(before) != Gateway.DataFolderOf(after))
        {
            yield return Error(
                after, $"'data' was '{old.Gateway.Data}' and is '{now.Gateway.Data}'", "gateway", "data");
        }

        if (old.Asset.Path != now.Asset.Path)
            yield return Error(after, $"'path' was '{old.Asset.Path}' and is '{now.Asset.Path}'", "asset", "path");

        var (server, wanted) = (Served(old), Served(now));
        if (server is null != wanted is null)
        {
            yield return Error(after, $"the twin was {(server is null ? "not served" : "served")} and is to be "
                + $"{(wanted is null ? "served no longer" : "served")}", "serving", "opcua");
        }

        if (server is null || wanted is null) yield break;
        foreach (var member in RecordShape.Of(typeof(OpcUaServerConfig)).Members)
        {
            var (was, is_) = (member.Property.GetValue(server), member.Property.GetValue(wanted));
            if (LiveKeys.Contains(member.Key) || IsSame(was, is_)) continue;
            yield return Error(
                after, $"'{member.Key}' was {Text(was)} and is {Text(is_)}", "serving", "opcua", member.Key);
        }
    }

    private static OpcUaServerConfig? Served(EdgeTwinConfig config) =>
        config.Serving.Opcua is { Enabled: true } served ? served : null;

    private static ConfigError Error(ConfigResult after, string what, params ReadOnlySpan<string> path) => new(
        after.Document!.Locate(path),
        $"{string.Join(": ", path[..^1].ToArray())}: {what}; that takes a restart (systemctl restart edgetwin)");

    private static bool IsSame(object? was, object? now) => was is IEnumerable many and not string
        ? now is IEnumerable others && many.Cast<object>().SequenceEqual(others.Cast<object>())
        : Equals(was, now);

    private static string Text(object? value) => value switch
    {
        null => "absent",
        string text => $"'{text}'",
        IEnumerable many => $"[{string.Join(", ", many.Cast<object>().Select(Text))}]",
        _ => ConfigValueText.Format(value),
    };
}
