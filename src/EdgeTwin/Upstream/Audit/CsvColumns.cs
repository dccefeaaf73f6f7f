using System.Globalization;
using System.Text;

namespace EdgeTwin.Upstream.Audit;

/// <summary>Where the columns of a receiver's CSV are; −1 for one that is not there.</summary>
internal sealed record CsvColumns(char Separator, int Epoch, int Sequence, int Tag, int Value, int Time)
{
    /// <summary>Takes a line as a header; null when it names no epoch and no sequence.</summary>
    public static CsvColumns? Find(string header)
    {
        foreach (var separator in ",;\t")
        {
            var names = header.TrimStart('\uFEFF').Split(separator)
                .Select(name => name.Trim().Trim('"').ToLowerInvariant()).ToList();
            var epoch = names.IndexOf("epoch");
            var sequence = names.IndexOf("seq");
            if (sequence < 0) sequence = names.IndexOf("sequence");
            if (epoch < 0 || sequence < 0) continue;
            return new CsvColumns(separator, epoch, sequence, names.IndexOf("tag"), names.IndexOf("value"),
                names.IndexOf("time"));
        }

        return null;
    }

    /// <summary>The cells of a row; quotes as RFC 4180 has them, without line breaks inside.</summary>
    public IReadOnlyList<string> Split(string row)
    {
        if (!row.Contains('"', StringComparison.Ordinal)) return row.Split(Separator);
        var cells = new List<string>();
        var cell = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < row.Length; i++)
        {
            var character = row[i];
            if (quoted && character == '"' && i + 1 < row.Length && row[i + 1] == '"') cell.Append(row[i++]);
            else if (character == '"') quoted = !quoted;
            else if (character == Separator && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else cell.Append(character);
        }

        cells.Add(cell.ToString());
        return cells;
    }

    public static string? Cell(IReadOnlyList<string> cells, int column) =>
        column >= 0 && column < cells.Count ? cells[column] : null;

    /// <summary>A whole number from 1 on; null when there is none.</summary>
    public static long? Number(IReadOnlyList<string> cells, int column) =>
        long.TryParse(Cell(cells, column), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number > 0 ? number : null;
}
