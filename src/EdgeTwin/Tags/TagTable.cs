using System.Diagnostics.CodeAnalysis;

namespace EdgeTwin.Tags;

/// <summary>
/// All tags of one gateway by id and by name. Built once from the configuration; the journal may append retired tags
/// while it opens, before anything runs.
/// </summary>
internal sealed class TagTable
{
    private readonly List<TagDefinition> definitions = [];
    private readonly Dictionary<string, TagDefinition> byName = new(StringComparer.Ordinal);

    public int Count => definitions.Count;

    public IReadOnlyList<TagDefinition> All => definitions;

    public TagDefinition this[TagId id] => definitions[id.Index];

    /// <summary>Adds a tag; the factory gets the id that the tag will have.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public TagDefinition Add(Func<TagId, TagDefinition> define)
    {
        var definition = define(new TagId(definitions.Count));
        if (!byName.TryAdd(definition.Name, definition))
            throw new ArgumentException($"tag '{definition.Name}' is defined twice", nameof(define));
        definitions.Add(definition);
        return definition;
    }

    public bool TryFind(string name, [NotNullWhen(true)] out TagDefinition? definition) =>
        byName.TryGetValue(name, out definition);
}
