using System.Text.Json;
using EdgeTwin.Alarms;
using EdgeTwin.Configuration;
using EdgeTwin.Diagnostics;
using EdgeTwin.Twin;

namespace EdgeTwin.Hosting;

/// <summary>What an operator asks of an alarm through the control socket.</summary>
internal static class OperatorRequest
{
    /// <exception cref="ControlException">The request is malformed, or the alarm refuses it.</exception>
    public static async Task<object> DoAsync(TwinEngine twin, JsonElement arguments, CancellationToken cancellation)
    {
        var command = new AlarmCommand(
            Text(arguments, "alarm") ?? throw new ControlException("which alarm?"),
            Enum.TryParse<AlarmAction>(Text(arguments, "action"), ignoreCase: true, out var action)
                ? action
                : throw new ControlException($"'{Text(arguments, "action")}' is not an action; there are "
                    + $"{string.Join(", ", Enum.GetNames<AlarmAction>())}"),
            Text(arguments, "by") ?? "unknown",
            Text(arguments, "comment"),
            Text(arguments, "shelveFor") is { } text ? Duration(text) : TimeSpan.Zero);
        var result = await twin.CommandAsync(command, cancellation);
        return result.Refusal is { } refusal
            ? throw new ControlException(refusal)
            : new { command.Alarm, state = Spelling.Of(result.State) };
    }

    private static TimeSpan Duration(string text) =>
        DurationText.Parse(text, out var problem) ?? throw new ControlException($"shelveFor: {problem}");

    private static string? Text(JsonElement arguments, string name) =>
        arguments.ValueKind == JsonValueKind.Object && arguments.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
