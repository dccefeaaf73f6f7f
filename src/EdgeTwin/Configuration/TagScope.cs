using System.Diagnostics.CodeAnalysis;
using EdgeTwin.Tags;
using EdgeTwin.Tags.Expressions;

namespace EdgeTwin.Configuration;

/// <summary>The names that expressions of a configuration may use: everything that becomes a tag.</summary>
internal sealed class TagScope : IExpressionScope
{
    private readonly OrderedDictionary<string, TagDefinition> definitions = new(StringComparer.Ordinal);

    public IEnumerable<string> Names => definitions.Keys;

    public int Count => definitions.Count;

    public IReadOnlyList<TagDefinition> All => definitions.Values;

    public bool TryFind(string name, [NotNullWhen(true)] out TagDefinition? definition) =>
        definitions.TryGetValue(name, out definition);

    public bool TryAdd(TagDefinition definition) => definitions.TryAdd(definition.Name, definition);

    public void Replace(TagDefinition definition) => definitions[definition.Name] = definition;
}
