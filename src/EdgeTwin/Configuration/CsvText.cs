using System.Text;

namespace EdgeTwin.Configuration;

/// <summary>CSV as in RFC 4180: records of cells, quotes doubled inside quotes, line breaks allowed inside
/// quotes.</summary>
internal static class CsvText
{
    /// <summary>The separator that the first line uses most outside quotes: comma, semicolon or tab.</summary>
    public static char DetectSeparator(string text)
    {
        Span<int> counts = stackalloc int[3];
        var quoted = false;
        foreach (var c in text)
        {
            if (c is '\n' && !quoted)
                break;
            if (c == '"')
                quoted = !quoted;
            else if (!quoted && ",;\t".IndexOf(c) is var kind and >= 0)
                counts[kind]++;
        }

        return counts[1] > counts[0] && counts[1] >= counts[2] ? ';' : counts[2] > counts[0] ? '\t' : ',';
    }

    /// <summary>All records with the line on which each begins, from 1. Empty lines are no records.</summary>
    /// <exception cref="FormatException">A quote is never closed; the message names its line.</exception>
    public static IEnumerable<(int Line, List<string> Cells)> Read(string text, char separator)
    {
        var line = 1;
        var at = 0;
        while (at < text.Length)
        {
            var start = line;
            var cells = new List<string>();
            bool more;
            do
            {
                cells.Add(ReadCell(text, separator, ref at, ref line, out more));
            }
            while (more);
            if (cells.Count > 1 || cells[0].Length > 0)
                yield return (start, cells);
        }
    }

    /// <summary>A cell as it is written: in quotes only where it must be.</summary>
    public static string Quote(string cell, char separator) =>
        cell.AsSpan().IndexOfAny('"', '\r', '\n') >= 0 || cell.Contains(separator) || cell != cell.Trim()
            ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;

    private static string ReadCell(string text, char separator, ref int at, ref int line, out bool more)
    {
        var cell = new StringBuilder();
        if (at < text.Length && text[at] == '"')
            ReadQuoted(text, cell, ref at, ref line);
        while (at < text.Length && text[at] != separator && text[at] is not ('\n' or '\r'))
            cell.Append(text[at++]);
        more = at < text.Length && text[at] == separator;
        if (more)
            at++;
        else
            SkipLineBreak(text, ref at, ref line);
        return cell.ToString();
    }

    private static void ReadQuoted(string text, StringBuilder cell, ref int at, ref int line)
    {
        var start = line;
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '\n')
                line++;
            if (text[at] != '"')
            {
                cell.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == '"')
            {
                cell.Append('"');
                at++;
            }
            else
            {
                at++;
                return;
            }
        }

        throw new FormatException($"the quote that opens on line {start} is never closed");
    }

    private static void SkipLineBreak(string text, ref int at, ref int line)
    {
        if (at < text.Length && text[at] == '\r')
            at++;
        if (at < text.Length && text[at] == '\n')
            at++;
        line++;
    }
}
