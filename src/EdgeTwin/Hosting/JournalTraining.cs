using EdgeTwin.Journal;
using EdgeTwin.Prediction.Training;

namespace EdgeTwin.Hosting;

/// <summary>Training data from the journal: the tags' histories joined into rows, each value held until the
/// next.</summary>
internal static class JournalTraining
{
    /// <summary>
    /// Reads the tags' good samples and joins them at the times of the tag that changes most often. Rows before every
    /// tag has a value are left out; a value that is not good leaves a hole.
    /// </summary>
    /// <exception cref="JournalException">There is no journal, or it cannot be read.</exception>
    /// <exception cref="InvalidDataException">A tag has no history in the range.</exception>
    public static TrainingData Read(
        string folder, IReadOnlyList<string> tags, IReadOnlyDictionary<string, string> units, TimeSpan? last,
        TimeProvider time)
    {
        using var journal = JournalReader.OpenReadOnly(folder);
        var to = time.GetUtcNow().UtcDateTime;
        var from = last is { } back ? to - back : DateTime.MinValue;
        var histories = tags.Select(tag => journal.ReadRaw(tag, from, to)).ToList();
        var empty = tags.Where((_, i) => histories[i].Count == 0).ToList();
        if (empty.Count > 0)
        {
            throw new InvalidDataException(
                $"no history of {string.Join(", ", empty)} in the range; the journal has "
                    + $"{string.Join(", ", journal.Tags.Select(tag => tag.Name))}");
        }

        var data = new TrainingData([.. tags.Select(tag => new TrainingColumn(tag, units.GetValueOrDefault(tag, "")))]);
        var next = new int[tags.Count];
        var row = new double[tags.Count];
        Array.Fill(row, double.NaN);
        foreach (var moment in histories.MaxBy(history => history.Count)!.Select(sample => sample.SourceTime))
        {
            for (var i = 0; i < row.Length; i++) next[i] = Advance(histories[i], next[i], moment, ref row[i]);
            if (next.All(position => position > 0)) data.Add(moment, row);
        }

        return data;
    }

    private static int Advance(IReadOnlyList<HistorySample> history, int position, DateTime moment, ref double value)
    {
        for (; position < history.Count && history[position].SourceTime <= moment; position++)
            value = history[position].Status.IsGood ? history[position].Value.AsDouble() : double.NaN;
        return position;
    }
}
