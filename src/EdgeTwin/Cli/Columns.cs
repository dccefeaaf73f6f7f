namespace EdgeTwin.Cli;

/// <summary>Rows of cells as text, one below the other.</summary>
internal static class Columns
{
    /// <summary>A cell that is longer than this makes only its own row longer.</summary>
    private const int Widest = 60;

    /// <summary>A line for each row; each column is as wide as its widest cell.</summary>
    /// <param name="least">Least width of each column; a negative one is of a column that is aligned to the left, as in
    /// composite formatting.</param>
    /// <param name="rows">Each with as many cells as there are columns.</param>
    public static IEnumerable<string> Lines(int[] least, IReadOnlyList<string[]> rows)
    {
        var widths = least.Select((width, column) => Math.Max(Math.Abs(width),
            rows.Select(row => row[column].Length).Where(length => length <= Widest).DefaultIfEmpty().Max())).ToArray();
        return rows.Select(row => string.Join(' ', row.Select((cell, column) =>
            least[column] > 0 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd());
    }
}
