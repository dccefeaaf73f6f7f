using EdgeTwin.Tags.Expressions;

namespace EdgeTwin.Tags;

/// <summary>Where the samples of a tag come from.</summary>
internal abstract record TagOrigin
{
    private TagOrigin()
    {
    }

    /// <summary>Read by a driver.</summary>
    internal sealed record Source(string Name, string Address) : TagOrigin;

    /// <summary>Computed in the twin from other tags.</summary>
    internal sealed record Derived(Expression Expression) : TagOrigin;

    /// <summary>An output of a model; the tag's name is <c>model.output</c>.</summary>
    internal sealed record Model(string Name, string Output) : TagOrigin;

    /// <summary>The state of an alarm as an Int32 (<c>AlarmState</c>); the tag's name is <c>alarm.name</c>.</summary>
    internal sealed record Alarm(string Name) : TagOrigin;

    /// <summary>A tag that the journal holds but the configuration no longer names.</summary>
    internal sealed record Retired : TagOrigin;
}
