using System.Diagnostics.CodeAnalysis;

namespace EdgeTwin.Tags.Expressions;

/// <summary>The names that an expression may use.</summary>
internal interface IExpressionScope
{
    /// <summary>The tag, derived tag, model output or alarm of that name.</summary>
    bool TryFind(string name, [NotNullWhen(true)] out TagDefinition? definition);

    /// <summary>All names, for "did you mean".</summary>
    IEnumerable<string> Names { get; }
}
