namespace EdgeTwin.Sources.Replay;

/// <summary>
/// Reads a recording row by row with constant memory: text with a header of column names, the separator found from the
/// header (comma, semicolon or tab), quotes as in RFC 4180, blank lines skipped. A row may be shorter than the header;
/// what is missing reads as empty. Fields are spans over the reader's buffer and hold until the next row is read.
/// </summary>
internal sealed class CsvRecording : IDisposable
{
    private const int LongestRow = 1 << 20;

    private readonly StreamReader reader;
    private char[] buffer = new char[16 * 1024];
    private int begin; // of what is not yet parsed
    private int end; // of what is buffered
    private bool atEnd;
    private long linesSeen;
    private char separator;
    private (int Start, int Length)[] fields = new (int, int)[32];
    private int fieldCount;

    private CsvRecording(string path, StreamReader reader)
    {
        Path = path;
        this.reader = reader;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Column names as the header has them, without surrounding blanks.</summary>
    public IReadOnlyList<string> Columns { get; private set; } = [];

    /// <summary>1-based line on which the current row begins.</summary>
    public long Line { get; private set; }

    /// <summary><c>file:line</c> of the current row, for messages.</summary>
    public string Place => $"{System.IO.Path.GetFileName(Path)}:{Line}";

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static void ThrowIfMissing(string path)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"the recording {System.IO.Path.GetFullPath(path)} does not exist", path);
    }

    /// <summary>Opens the file and reads its header.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is empty, or its first row is no header.</exception>
    public static async ValueTask<CsvRecording> OpenAsync(string path, CancellationToken cancellation)
    {
        ThrowIfMissing(path);
        var recording = new CsvRecording(path, new StreamReader(path));
        try
        {
            await recording.ReadHeaderAsync(cancellation);
            return recording;
        }
        catch
        {
            recording.Dispose();
            throw;
        }
    }

    /// <summary>Goes to the next row; false at the end.</summary>
    /// <exception cref="InvalidDataException">A quote is not closed, or a row is longer than a million
    /// characters.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (TryTakeRow(out var start, out var length))
            {
                if (length == 0) continue;
                Split(start, length);
                return true;
            }

            if (atEnd) return false;
            await FillAsync(cancellation);
        }
    }

    /// <summary>Position of a column, −1 when there is none of that name.</summary>
    public int IndexOf(string column)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (Columns[i] == column) return i;
        }

        return -1;
    }

    /// <summary>A field of the current row; empty beyond its end.</summary>
    public ReadOnlySpan<char> Field(int column) => column < fieldCount
        ? buffer.AsSpan(fields[column].Start, fields[column].Length)
        : [];

    public void Dispose() => reader.Dispose();

    private async Task ReadHeaderAsync(CancellationToken cancellation)
    {
        if (!await ReadAsync(cancellation))
            throw new InvalidDataException($"{Path} is empty; it needs a header with column names");
        var names = new string[fieldCount];
        for (var i = 0; i < names.Length; i++) names[i] = Field(i).Trim().ToString();
        Columns = names;
    }

    // Of the row that cannot be taken, which begins behind the lines seen.
    private InvalidDataException Invalid(string what) =>
        new($"{System.IO.Path.GetFileName(Path)}:{linesSeen + 1}: {what}");

    private bool TryTakeRow(out int start, out int length)
    {
        (start, length) = (begin, 0);
        var quoted = false;
        var lines = 0;
        for (var i = begin; i < end; i++)
        {
            var c = buffer[i];
            if (c == '"') quoted = !quoted;
            if (c != '\n') continue;
            lines++;
            if (quoted) continue;
            Take(i, i + 1, lines, out length);
            return true;
        }

        if (!atEnd || begin == end) return false;
        if (quoted) throw Invalid("a quote is opened and never closed");
        Take(end, end, 1, out length);
        return true;
    }

    private void Take(int rowEnd, int next, int lines, out int length)
    {
        length = rowEnd - begin;
        if (length > 0 && buffer[rowEnd - 1] == '\r') length--;
        Line = linesSeen + 1;
        linesSeen += lines;
        begin = next;
    }

    private async ValueTask FillAsync(CancellationToken cancellation)
    {
        buffer.AsSpan(begin, end - begin).CopyTo(buffer);
        (begin, end) = (0, end - begin);
        if (end == buffer.Length)
        {
            if (end >= LongestRow)
                throw Invalid($"a row of more than {LongestRow} characters");
            Array.Resize(ref buffer, end * 2);
        }

        var read = await reader.ReadAsync(buffer.AsMemory(end), cancellation);
        atEnd = read == 0;
        end += read;
    }

    private void Split(int start, int length)
    {
        if (separator == 0) separator = FindSeparator(buffer.AsSpan(start, length));
        fieldCount = 0;
        var last = start + length;
        var position = start;
        while (true)
        {
            var (fieldStart, fieldEnd) = TakeField(position, last, out position);
            if (fieldCount == fields.Length) Array.Resize(ref fields, fieldCount * 2);
            fields[fieldCount++] = (fieldStart, fieldEnd - fieldStart);
            if (position > last) return;
        }
    }

    /// <summary>One field from <paramref name="start"/>; <paramref name="next"/> lies behind its separator.</summary>
    private (int Start, int End) TakeField(int start, int last, out int next)
    {
        if (start < last && buffer[start] == '"') return TakeQuoted(start + 1, last, out next);
        var found = buffer.AsSpan(start, last - start).IndexOf(separator);
        var fieldEnd = found < 0 ? last : start + found;
        next = fieldEnd + 1;
        return (start, fieldEnd);
    }

    private (int Start, int End) TakeQuoted(int start, int last, out int next)
    {
        var write = start; // a doubled quote becomes one, in place
        var read = start;
        for (; read < last; read++)
        {
            if (buffer[read] == '"')
            {
                if (read + 1 >= last || buffer[read + 1] != '"') break;
                read++;
            }

            buffer[write++] = buffer[read];
        }

        while (read < last && buffer[read] != separator) read++;
        next = read + 1;
        return (start, write);
    }

    private static char FindSeparator(ReadOnlySpan<char> header)
    {
        var best = ',';
        foreach (var candidate in ",;\t")
        {
            if (header.Count(candidate) > header.Count(best)) best = candidate;
        }

        return best;
    }
}
