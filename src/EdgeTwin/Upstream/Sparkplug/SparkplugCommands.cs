using System.Globalization;
using EdgeTwin.Mqtt.Sparkplug;
using EdgeTwin.Tags;
using EdgeTwin.Upstream.Downward;

namespace EdgeTwin.Upstream.Sparkplug;

/// <summary>
/// Turns the metrics of an NCMD or DCMD into requests to the command port. What does not name a tag or does not have
/// its type is refused here, with its reason.
/// </summary>
internal sealed class SparkplugCommands(
    UplinkContext context, SparkplugMetrics metrics, SparkplugDevices devices, TimeSpan age)
{
    private readonly CommandInbox inbox = new(context, "sparkplug", age);

    /// <summary>Does what a command says, or refuses it.</summary>
    public async ValueTask DoAsync(SparkplugCommand command, string principal, CancellationToken cancellation)
    {
        if (metrics.Templates is not { } templates) await DoOneAsync(command, principal, cancellation);
        else if (command.Device is not { } device || !templates.IsInstance(device, command.Metric))
            inbox.Refuse(NameOf(command.Metric), "no such metric; the birth lists the names and aliases there are");
        else if (command.Metric is not { IsHistorical: false, Value.Template: { IsDefinition: false } wish })
            inbox.Refuse(NameOf(command.Metric), "it is no instance of a template with the members to be written");
        else
        {
            foreach (var member in wish.Metrics)
            {
                await DoOneAsync(new SparkplugCommand(device, member, command.SentAt ?? member.Timestamp), principal,
                    cancellation);
            }
        }
    }

    private async ValueTask DoOneAsync(SparkplugCommand command, string principal, CancellationToken cancellation)
    {
        if (Resolve(command, out var tag, out var value) is { } problem)
            inbox.Refuse(NameOf(command.Metric), problem);
        else
            await inbox.HandOverAsync(tag!, value, principal, cancellation);
    }

    private string? Resolve(in SparkplugCommand command, out TagDefinition? tag, out TagValue value)
    {
        var metric = command.Metric;
        value = default;
        tag = (metric.Alias is { } alias ? metrics.TagOf(alias) : null) ?? Named(command.Device, metric.Name);
        if (tag is null || tag.Origin is TagOrigin.Retired || command.Device != devices.Of(tag.Id))
            return "no such metric; the birth lists the names and aliases there are";
        if (metric.Name is { } said && Named(command.Device, said) != tag)
            return $"alias {metric.Alias} is '{tag.Name}', yet the name is '{said}'";
        if (metric.DataType != SparkplugDataType.Unknown && metric.DataType != SparkplugTypes.Of(tag.Type))
            return $"its data type is {metric.DataType}; '{tag.Name}' is {SparkplugTypes.Of(tag.Type)}";
        if (metric.IsHistorical) return "it is marked as historical";
        if (metric.IsNull || !TryRead(tag.Type, metric.Value, out value))
            return $"its value is no {SparkplugTypes.Of(tag.Type)}, which '{tag.Name}' is";
        if (command.SentAt is not { } sent) return null;
        // A command without an id is the same as another of the same time, tag and value.
        return inbox.Problem((tag.Id, value, sent), Time(sent));
    }

    private TagDefinition? Named(int? device, string? name) => name is null ? null
        : metrics.Templates is { } templates ? templates.TagOf(device ?? 0, name)
        : context.Tags.TryFind(name, out var tag) ? tag : null;

    private static DateTime Time(ulong milliseconds) =>
        milliseconds < (DateTime.MaxValue - DateTime.UnixEpoch).TotalMilliseconds
            ? DateTime.UnixEpoch.AddMilliseconds(milliseconds)
            : DateTime.MaxValue;

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
                if (!wire.TryGetInteger(SparkplugTypes.Of(type), out var bits)) return false;
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
