using System.Globalization;
using System.Text.Json;

namespace EdgeTwin.Upstream.Audit;

/// <summary>
/// Reads what a receiver wrote down, line by line: CSV with a header that names <c>epoch</c> and <c>seq</c> and may
/// name <c>tag</c>, <c>value</c> and <c>time</c>, or messages as <c>docs/payload.md</c> describes them, one a line,
/// each with its topic and a blank before it or without.
/// </summary>
internal sealed class ReceiverRecord(TextReader file)
{
    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
    private int line;

    /// <summary>Lines that are neither.</summary>
    public long Unreadable { get; private set; }

    /// <summary>The first line that could not be read and why; null when there is none.</summary>
    public string? FirstProblem { get; private set; }

    /// <summary>All samples in the order of the file. What is handed out is good until the next one.</summary>
    public IEnumerable<ReceivedSample> Read()
    {
        CsvColumns? columns = null;
        var samples = new List<ReceivedSample>();
        while (file.ReadLine() is { } text)
        {
            line++;
            if (string.IsNullOrWhiteSpace(text)) continue;
            if (line == 1 && CsvColumns.Find(text) is { } found)
            {
                columns = found;
                continue;
            }

            samples.Clear();
            if (columns is not null) TakeCsv(text, columns, samples);
            else TakeMessage(text, samples);
            foreach (var sample in samples) yield return sample;
        }
    }

    private void TakeCsv(string text, CsvColumns columns, List<ReceivedSample> samples)
    {
        var cells = columns.Split(text);
        if (CsvColumns.Number(cells, columns.Epoch) is not { } epoch
            || CsvColumns.Number(cells, columns.Sequence) is not { } sequence)
        {
            Complain("has no epoch and seq, both whole numbers from 1 on");
            return;
        }

        DateTime? time = DateTime.TryParse(CsvColumns.Cell(cells, columns.Time), CultureInfo.InvariantCulture, Utc,
            out var moment) ? moment : null;
        samples.Add(new ReceivedSample(epoch, sequence, CsvColumns.Cell(cells, columns.Tag),
            CsvColumns.Cell(cells, columns.Value), time));
    }

    private void TakeMessage(string text, List<ReceivedSample> samples)
    {
        var start = text.AsSpan().IndexOfAny('{', '[');
        if (start < 0)
        {
            if (line > 1 || !text.Contains("$gateway", StringComparison.Ordinal))
                Complain("is neither a message nor, behind a header with epoch and seq, a row of CSV");
            return;
        }

        var topic = text.AsSpan(0, start).Trim();
        var level = topic[(topic.LastIndexOf('/') + 1)..];
        try
        {
            using var message = JsonDocument.Parse(text.AsMemory(start));
            if (message.RootElement.ValueKind != JsonValueKind.Array)
            {
                Take(message.RootElement, level.ToString(), samples);
                return;
            }

            foreach (var scan in message.RootElement.EnumerateArray()) Take(scan, "", samples);
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException)
        {
            samples.Clear();
            Complain("is not a message of this gateway: " + broken.Message);
        }
    }

    private static void Take(JsonElement message, string level, List<ReceivedSample> samples)
    {
        var epoch = Place(message, "epoch");
        var sequence = Place(message, "seq");
        DateTime? time = message.TryGetProperty("time", out var moment) ? moment.GetDateTime().ToUniversalTime() : null;
        if (!message.TryGetProperty("values", out var values))
        {
            var tag = message.TryGetProperty("tag", out var name) ? name.GetString() : level.Length > 0 ? level : null;
            samples.Add(new ReceivedSample(epoch, sequence, tag,
                message.TryGetProperty("value", out var value) ? Text(value) : null, time));
            return;
        }

        if (message.TryGetProperty("new", out var fresh))
        {
            foreach (var place in fresh.EnumerateObject())
                samples.Add(new ReceivedSample(epoch, place.Value.GetInt64(), place.Name,
                    Text(values.GetProperty(place.Name)), time));
            return;
        }

        var places = message.TryGetProperty("seqs", out var listed) ? listed : default;
        var at = 0;
        foreach (var value in values.EnumerateObject())
        {
            var place = sequence + at;
            if (places.ValueKind == JsonValueKind.Array)
            {
                if (at >= places.GetArrayLength()) throw new FormatException("'seqs' is shorter than 'values'");
                place = places[at].GetInt64();
            }

            at++;
            samples.Add(new ReceivedSample(epoch, place, value.Name, Text(value.Value), time));
        }
    }

    private static long Place(JsonElement message, string name)
    {
        var number = message.GetProperty(name).GetInt64();
        return number > 0 ? number : throw new FormatException($"'{name}' is {number}; it counts from 1");
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };

    private void Complain(string problem)
    {
        Unreadable++;
        FirstProblem ??= $"line {line} {problem}";
    }
}
