using System.Globalization;
using EdgeTwin.Commands;
using EdgeTwin.Mqtt.Sparkplug;
using EdgeTwin.Tags;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Upstream.Sparkplug;

/// <summary>
/// Turns the metrics of an NCMD or DCMD into requests to the command port. What does not name a tag, does not have its
/// type, is too old or came before is refused here, with its reason; everything else is for the port to decide.
/// </summary>
internal sealed class SparkplugCommands(
    UplinkContext context, SparkplugMetrics metrics, SparkplugDevices devices, TimeSpan age)
{
    /// <summary>Commands whose repetition is recognised.</summary>
    private const int MostRemembered = 1024;

    /// <summary>A host's clock may be ahead of the gateway's by this much.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    private readonly Queue<(TagId Tag, TagValue Value, ulong SentAt)> order = new();
    private readonly HashSet<(TagId Tag, TagValue Value, ulong SentAt)> seen = [];

    private DateTime Now => context.Time.GetUtcNow().UtcDateTime;

    /// <summary>Does what a command says, or refuses it; one at a time.</summary>
    public async ValueTask DoAsync(SparkplugCommand command, string principal, CancellationToken cancellation)
    {
        if (Resolve(command, out var tag, out var value) is { } problem)
        {
            SparkplugLog.CommandRefused(context.Logger, context.Name, NameOf(command.Metric), problem);
            return;
        }
        var request = new CommandRequest(tag!.Id, value, "sparkplug", principal, Now);
        var status = await context.Commands.RequestAsync(request, cancellation);
        if (status.IsGood) SparkplugLog.CommandAccepted(context.Logger, context.Name, tag.Name, status.ToString());
        else SparkplugLog.CommandRefused(context.Logger, context.Name, tag.Name, status.ToString());
    }

    private string? Resolve(in SparkplugCommand command, out TagDefinition? tag, out TagValue value)
    {
        var metric = command.Metric;
        value = default;
        tag = metric.Alias is { } alias ? metrics.TagOf(alias) : null;
        if (tag is null && metric.Name is { } name && context.Tags.TryFind(name, out var named)) tag = named;
        if (tag is null || tag.Origin is TagOrigin.Retired || command.Device != devices.Of(tag.Id))
            return "no such metric; the birth lists the names and aliases there are";
        if (metric.Name is { } said && said != tag.Name)
            return $"alias {metric.Alias} is '{tag.Name}', yet the name is '{said}'";
        if (metric.DataType != SparkplugDataType.Unknown && metric.DataType != SparkplugMetrics.TypeOf(tag.Type))
            return $"its data type is {metric.DataType}; '{tag.Name}' is {SparkplugMetrics.TypeOf(tag.Type)}";
        if (metric.IsHistorical) return "it is marked as historical";
        if (metric.IsNull || !TryRead(tag.Type, metric.Value, out value))
            return $"its value is no {SparkplugMetrics.TypeOf(tag.Type)}, which '{tag.Name}' is";
        return command.SentAt is { } sent ? Lateness(tag.Id, value, sent) : null;
    }

    private string? Lateness(TagId tag, in TagValue value, ulong sent)
    {
        var now = SparkplugMetrics.Milliseconds(Now);
        if (sent + age.TotalMilliseconds < now) return $"it was sent {(now - sent) / 1000.0:0.0} s ago";
        if (sent > now + ClockTolerance.TotalMilliseconds)
            return $"it says that it was sent {(sent - now) / 1000.0:0.0} s from now; a clock is wrong";
        if (!seen.Add((tag, value, sent))) return "it came before";
        order.Enqueue((tag, value, sent));
        if (order.Count > MostRemembered) seen.Remove(order.Dequeue());
        return null;
    }

    private static bool TryRead(TagDataType type, in SparkplugValue wire, out TagValue value)
    {
        value = default;
        switch (type, wire.Field)
        {
            case (TagDataType.Bool, SparkplugField.Boolean):
                value = TagValue.From(wire.Bits != 0);
                return true;
            case (TagDataType.String, SparkplugField.String):
                value = TagValue.From(wire.Text!);
                return true;
            case (TagDataType.Float32, SparkplugField.Float):
                value = TagValue.FromBits(type, (long)wire.Bits);
                return true;
            case (TagDataType.Float64, SparkplugField.Double):
                value = TagValue.FromBits(type, unchecked((long)wire.Bits));
                return true;
            default:
                if (!wire.TryGetInteger(SparkplugMetrics.TypeOf(type), out var bits)) return false;
                value = TagValue.FromBits(type, bits);
                return true;
        }
    }

    private static string NameOf(in SparkplugMetric metric)
    {
        var name = metric.Name ?? string.Create(CultureInfo.InvariantCulture, $"alias {metric.Alias}");
        return name.Length <= 128 ? name : name[..128];
    }
}
