using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Cli;

/// <summary>One value a line: node, value, quality and time.</summary>
internal static class OpcUaValueLine
{
    public static void Write(string node, in DataValue value, bool json)
    {
        var text = OpcUaNode.TextOf(value);
        if (json)
        {
            Output.Line(new
            {
                node,
                value = text,
                type = value.Value.Type,
                status = value.Status.ToString(),
                sourceTime = TimeOf(value.SourceTimestamp),
                serverTime = TimeOf(value.ServerTimestamp),
            });
            return;
        }

        var at = TimeOf(value.SourceTimestamp) ?? TimeOf(value.ServerTimestamp);
        Console.WriteLine(
            $"{node}  {text}  {value.Status}  {(at is { } time ? $"{time:yyyy-MM-dd HH:mm:ss.fff}Z" : "")}"
            .TrimEnd());
    }

    private static DateTime? TimeOf(DateTime time) => time == default ? null : time;
}
