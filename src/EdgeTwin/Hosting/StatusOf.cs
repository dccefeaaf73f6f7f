using EdgeTwin.Diagnostics;
using EdgeTwin.Tags;
using EdgeTwin.Twin;

namespace EdgeTwin.Hosting;

/// <summary>Turns a snapshot of the twin into what people read.</summary>
internal static class StatusOf
{
    public static IEnumerable<TagStatus> Tags(TwinSnapshot snapshot, DateTime now) =>
        from tag in snapshot.Tags
        where tag.Definition.Origin is not (TagOrigin.Alarm or TagOrigin.Retired)
        select new TagStatus(
            tag.Definition.Name,
            tag.Sample.Value.ToString(),
            tag.Definition.Unit?.Symbol,
            tag.Sample.Status.ToString(),
            tag.HeardAt is { } heard ? now - heard : TimeSpan.Zero,
            tag.Definition.Cadence is null ? null : Spelling.Of(tag.Liveness));

    public static IEnumerable<AlarmStatus> Alarms(TwinSnapshot snapshot) => snapshot.Alarms.Select(alarm =>
        new AlarmStatus(alarm.Name, Spelling.Of(alarm.State), alarm.Severity, alarm.Message, alarm.Since));
}
