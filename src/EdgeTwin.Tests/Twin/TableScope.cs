using System.Diagnostics.CodeAnalysis;
using EdgeTwin.Tags;
using EdgeTwin.Tags.Expressions;

namespace EdgeTwin.Tests.Twin;

internal sealed class TableScope(TagTable tags) : IExpressionScope
{
    public IEnumerable<string> Names => tags.All.Select(tag => tag.Name);

    public bool TryFind(string name, [NotNullWhen(true)] out TagDefinition? definition) =>
        tags.TryFind(name, out definition);
}
