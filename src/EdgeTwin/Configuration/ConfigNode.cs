namespace EdgeTwin.Configuration;

/// <summary>A value of a configuration file before it is bound, with its position.</summary>
internal abstract class ConfigNode(ConfigPosition position)
{
    /// <summary>Where the value begins.</summary>
    public ConfigPosition Position { get; } = position;

    /// <summary>For messages: <c>a list</c>, <c>a section</c>, or the text.</summary>
    public abstract string Shown { get; }
}
