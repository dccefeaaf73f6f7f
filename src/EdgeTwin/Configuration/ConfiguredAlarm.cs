using EdgeTwin.Alarms;
using EdgeTwin.Tags;
using EdgeTwin.Tags.Expressions;

namespace EdgeTwin.Configuration;

/// <summary>An alarm with its conditions parsed.</summary>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="Tag">The tag <c>alarm.name</c> that carries its state.</param>
/// <param name="Config">What the user wrote.</param>
/// <param name="When">The condition.</param>
/// <param name="SuppressWhen">The condition that suppresses it by design; null for none.</param>
/// <param name="Message">What the operator reads, with the tags that it names.</param>
internal sealed record ConfiguredAlarm(
    string Name, TagDefinition Tag, AlarmConfig Config, Expression When, Expression? SuppressWhen,
    AlarmMessage Message);
