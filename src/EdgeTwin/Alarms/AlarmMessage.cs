using System.Globalization;
using System.Text;
using EdgeTwin.Tags;
using EdgeTwin.Tags.Expressions;

namespace EdgeTwin.Alarms;

/// <summary>
/// What the operator reads. <c>{tag}</c> stands for the tag's value at the moment of the change with its unit,
/// <c>{{</c> and <c>}}</c>
/// for a brace.
/// </summary>
internal sealed class AlarmMessage
{
    private readonly (string Text, TagDefinition? Tag)[] parts;

    private AlarmMessage((string Text, TagDefinition? Tag)[] parts) => this.parts = parts;

    /// <summary>Reads the text; all errors at once, each with its offset.</summary>
    public static bool TryParse(string text, IExpressionScope scope, out AlarmMessage message,
        out IReadOnlyList<ExpressionError> errors)
    {
        var read = new List<(string, TagDefinition?)>();
        var found = new List<ExpressionError>();
        var plain = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '{' or '}' && i + 1 < text.Length && text[i + 1] == text[i]) plain.Append(text[i++]);
            else if (text[i] == '}') found.Add(new ExpressionError(i,
                "this '}' has no '{' before it; a brace itself is written '}}'"));
            else if (text[i] != '{') plain.Append(text[i]);
            else
            {
                var end = text.IndexOf('}', i);
                if (end < 0)
                {
                    found.Add(new ExpressionError(i, "this '{' has no '}' after it; a brace itself is written '{{'"));
                    break;
                }

                read.Add((plain.ToString(), Find(text[(i + 1)..end], i + 1, scope, found)));
                plain.Clear();
                i = end;
            }
        }

        read.Add((plain.ToString(), null));
        message = new AlarmMessage([.. read]);
        errors = found;
        return found.Count == 0;
    }

    public string Render(ReadOnlySpan<TagState> states)
    {
        var text = new StringBuilder();
        foreach (var (before, tag) in parts)
        {
            text.Append(before);
            if (tag is not null) text.Append(Value(in states[tag.Id.Index], tag));
        }

        return text.ToString();
    }

    private static TagDefinition? Find(string name, int offset, IExpressionScope scope, List<ExpressionError> errors)
    {
        if (scope.TryFind(name, out var tag)) return tag;
        var hint = NearestName.Find(name, scope.Names) is { } nearest ? $"; did you mean '{nearest}'?" : "";
        errors.Add(new ExpressionError(offset, $"there is no tag '{name}'{hint}"));
        return null;
    }

    private static string Value(in TagState state, TagDefinition tag)
    {
        if (state.Sample.Status.IsBad) return $"({state.Sample.Status})";
        var isFloat = tag.Type is TagDataType.Float32 or TagDataType.Float64;
        var value = isFloat ? state.Number.ToString("G5", CultureInfo.InvariantCulture) : state.Sample.Value.ToString();
        return tag.Unit is null ? value : $"{value} {tag.Unit.Symbol}";
    }
}
