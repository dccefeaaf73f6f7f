namespace EdgeTwin.Configuration;

/// <summary>A list of values, <c>[a, b]</c> or one <c>- a</c> a line.</summary>
internal sealed class ConfigList(ConfigPosition position, IReadOnlyList<ConfigNode> items) : ConfigNode(position)
{
    public IReadOnlyList<ConfigNode> Items { get; } = items;

    public override string Shown => "a list";
}
