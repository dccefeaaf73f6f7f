using System.Globalization;
using EdgeTwin.Tags;

namespace EdgeTwin.Upstream;

/// <summary>
/// What an uplink leaves out. What was sent last is remembered in a <see cref="FilterMemory"/>, one for each place of
/// the journal that is read from.
/// </summary>
internal sealed class SampleFilter
{
    private readonly UplinkConfig? config;
    private readonly TagTable? tags;
    private readonly bool onlyAlarms;
    private TagRule?[] rules = [];
    private int looked;
    private bool hasAlarms;

    private SampleFilter(UplinkConfig? config, TagTable? tags, bool onlyAlarms = false)
    {
        this.config = config;
        this.tags = tags;
        this.onlyAlarms = onlyAlarms;
        IsOpen = !onlyAlarms
            && config is null or { Tags.Count: 0, Classes.Count: 0, Deadband.Count: 0, Interval.Count: 0 };
    }

    /// <summary>Leaves nothing out.</summary>
    public static SampleFilter Open { get; } = new(null, null);

    /// <summary>It leaves nothing out.</summary>
    public bool IsOpen { get; }

    public static SampleFilter From(UplinkConfig config, TagTable tags) => new(config, tags);

    /// <summary>The same, and of that only the changes of alarms; null when it does not know the tags.</summary>
    public SampleFilter? Alarms() => tags is null ? null : new SampleFilter(config, tags, onlyAlarms: true);

    /// <summary>There are alarms that go.</summary>
    public bool HasAlarms
    {
        get
        {
            for (; !hasAlarms && looked < tags?.Count; looked++)
                hasAlarms = IsAlarm(new TagId(looked));
            return hasAlarms;
        }
    }

    /// <summary>What is wrong with the keys of a filter, as (key, message).</summary>
    public static IEnumerable<(string Key, string Message)> Check(UplinkConfig config)
    {
        foreach (var pattern in config.Tags)
            if (TagPattern.Problem(pattern.TrimStart('!')) is { } problem) yield return ("tags", problem);
        foreach (var (pattern, width) in config.Deadband)
        {
            if (TagPattern.Problem(pattern) is { } problem) yield return ("deadband", problem);
            if (Width(width, null) is null)
                yield return ("deadband", $"'{pattern}' is '{width}'; write a number in the tag's unit, such as 0.5, "
                    + "or a part of its range, such as 1%");
        }

        foreach (var (pattern, interval) in config.Interval)
        {
            if (TagPattern.Problem(pattern) is { } problem) yield return ("interval", problem);
            if (interval <= TimeSpan.Zero) yield return ("interval", $"'{pattern}' is 0; write a duration, such as 1s");
        }
    }

    /// <summary>Whether a sample goes; the memory then has it.</summary>
    public bool Passes(in Sample sample, FilterMemory memory)
    {
        if (IsOpen) return true;
        var rule = RuleFor(sample.Tag);
        if (!rule.Goes) return false;
        if (onlyAlarms) return rule.IsUrgent && memory.IsChange(sample);
        return rule.IsOpen || memory.Passes(sample, rule);
    }

    /// <summary>Whether the tag is an alarm that goes.</summary>
    public bool IsAlarm(TagId tag) => RuleFor(tag) is { Goes: true, IsUrgent: true };

    /// <summary>Whether a sample of the tag must not wait for others.</summary>
    public bool IsUrgent(TagId tag) => tags is not null && RuleFor(tag).IsUrgent;

    private TagRule RuleFor(TagId tag)
    {
        if (tag.Index >= rules.Length) Array.Resize(ref rules, Math.Max(tags!.Count, tag.Index + 1));
        return rules[tag.Index] ??= Rule(tags![tag]);
    }

    private TagRule Rule(TagDefinition tag)
    {
        var goes = config!.Tags.Count == 0 || config.Tags[0].StartsWith('!');
        foreach (var entry in config.Tags)
            if (TagPattern.Fits(entry.AsSpan().TrimStart('!'), tag.Name)) goes = !entry.StartsWith('!');
        goes &= config.Classes.Count == 0 || config.Classes.Contains(tag.Class);
        if (tag.Class == TagClass.Alarm) return new TagRule(goes, 0, 0, 0, IsUrgent: true);
        var width = First(config.Deadband, tag.Name) is { } text ? Width(text, tag.Range) ?? 0 : 0;
        var interval = First(config.Interval, tag.Name);
        return new TagRule(goes, width, interval.Ticks, tag.Heartbeat.Ticks, IsUrgent: false);
    }

    private static T? First<T>(IReadOnlyDictionary<string, T> byPattern, string name)
    {
        foreach (var (pattern, value) in byPattern)
            if (TagPattern.Fits(pattern, name)) return value;
        return default;
    }

    // A part of a range that the tag does not have is no deadband.
    private static double? Width(string text, ValueRange? range)
    {
        var isPart = text.EndsWith('%');
        if (!double.TryParse(text.AsSpan().TrimEnd('%'), NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number) || number < 0
            || (isPart && number > 100)) return null;
        return isPart ? number / 100 * (range?.Span ?? 0) : number;
    }
}
