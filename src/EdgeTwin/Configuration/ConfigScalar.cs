namespace EdgeTwin.Configuration;

/// <summary>A single value: text, number, duration; what it is depends on the key it stands under.</summary>
/// <param name="position">Where it begins, quotes included.</param>
/// <param name="value">Its text, quotes and escapes resolved.</param>
/// <param name="quoted">Written in quotes or as a block; such a text is never null, number or Boolean.</param>
/// <param name="source">The characters as they stand in the file, for positions inside the text; null where they are
/// the text.</param>
internal sealed class ConfigScalar(ConfigPosition position, string value, bool quoted, string? source = null)
    : ConfigNode(position)
{
    public string Value { get; } = value;

    public bool Quoted { get; } = quoted;

    /// <summary>Written as <c>null</c> or <c>~</c>.</summary>
    public bool IsNull => !Quoted && (Value is "null" or "~");

    /// <summary>Nothing stands after the key.</summary>
    public bool IsAbsent => !Quoted && Value.Length == 0;

    public override string Shown => Value.Length <= 60 ? $"'{Value}'" : $"'{Value.AsSpan(0, 57)}…'";

    /// <summary>Position of one character of <see cref="Value"/> in the file.</summary>
    public ConfigPosition At(int offset)
    {
        if (source is null)
            return Position with { Column = Position.Column == 0 ? 0 : Position.Column + offset };
        var (line, column) = (Position.Line, Position.Column);
        var at = SkipHeader(ref line, ref column);
        for (var done = 0; at < source.Length && done < Value.Length;)
        {
            var same = source[at] == Value[done];
            if (same && done >= offset)
                break;
            // A folded line break is a space in the value; an escape or a doubled quote is longer in the file than in
            // the value.
            if (same || (source[at] == '\n' && Value[done] == ' '))
                done++;
            else if (source[at] == '\\' && at + 1 < source.Length)
                (at, column, done) = (at + 1, column + 1, done + 1);
            Advance(source[at++], ref line, ref column);
        }

        return new ConfigPosition(Position.File, line, column);
    }

    private int SkipHeader(ref int line, ref int column)
    {
        var header = source![0] is '|' or '>' ? source.IndexOf('\n', StringComparison.Ordinal) + 1
            : source[0] is '"' or '\'' ? 1 : 0;
        for (var i = 0; i < header; i++)
            Advance(source[i], ref line, ref column);
        return header;
    }

    private static void Advance(char c, ref int line, ref int column)
    {
        if (c == '\n')
            (line, column) = (line + 1, 1);
        else
            column++;
    }
}
