using EdgeTwin.Tags;

namespace EdgeTwin.Configuration;

/// <summary>
/// Tag lists as CSV, the form in which engineers hand them around. The columns are <c>name</c> and the keys of a tag
/// in the YAML file, in any order; an empty cell is an absent key. Export writes commas, UTF-8 and CRLF (RFC 4180).
/// Import also takes what spreadsheets write: a byte order mark, semicolons or tabs, and with those a decimal comma.
/// </summary>
internal static class TagCsv
{
    private const string NameColumn = "name";

    /// <summary>Writes tags; only columns that some tag uses.</summary>
    public static void Export(IReadOnlyDictionary<string, TagConfig> tags, TextWriter writer)
    {
        var columns = RecordShape.Of(typeof(TagConfig)).Members
            .Where(member => member.IsRequired || tags.Values.Any(tag => !IsDefault(member, tag))).ToList();
        WriteRow(writer, columns.Select(column => column.Key).Prepend(NameColumn));
        foreach (var (name, tag) in tags)
            WriteRow(writer, columns.Select(column => Cell(column, tag)).Prepend(name));
    }

    /// <summary>Reads tags from a file; messages are <c>file:line: …</c>. Sources are names here; only the
    /// configuration knows them.</summary>
    public static TagImport Import(string path)
    {
        var errors = new ConfigErrors();
        var from = new ConfigPosition(path, 0, 0);
        var tags = ConfigFileText.TryRead(Path.GetFullPath(path), path, errors, from, out var text)
            ? Bind(ReadTree(path, text, errors), from, errors)
            : new Dictionary<string, TagConfig>();
        return new TagImport(tags, errors.Errors);
    }

    /// <summary>One entry of the section <c>tags</c> for each row.</summary>
    internal static List<KeyValuePair<ConfigScalar, ConfigNode>> ReadTree(string file, string text, ConfigErrors errors)
    {
        var rows = new List<KeyValuePair<ConfigScalar, ConfigNode>>();
        // Excel's own way to name the separator.
        var skipped = text.StartsWith("sep=", StringComparison.OrdinalIgnoreCase)
            ? text.IndexOf('\n', StringComparison.Ordinal) + 1 : 0;
        text = text[skipped..];
        var separator = CsvText.DetectSeparator(text);
        string[]? header = null;
        try
        {
            foreach (var (line, cells) in CsvText.Read(text, separator))
            {
                var position = new ConfigPosition(file, line + (skipped > 0 ? 1 : 0), 0);
                if (header is null)
                    header = ReadHeader(cells, position, errors);
                else if (header.Length == 0)
                    break;
                else if (ReadRow(header, cells, position, separator, errors) is { } row)
                    rows.Add(row);
            }
        }
        catch (FormatException failure)
        {
            errors.Add(new ConfigPosition(file, 0, 0), failure.Message);
        }

        if (header is null)
            errors.Add(new ConfigPosition(file, 1, 0),
                "the file is empty; the first line names the columns: name, source, address, type, …");
        return rows;
    }

    private static IReadOnlyDictionary<string, TagConfig> Bind(
        List<KeyValuePair<ConfigScalar, ConfigNode>> rows, ConfigPosition from, ConfigErrors errors)
    {
        var map = new ConfigMap(from, rows);
        var binder = new ConfigBinder(errors, new Dictionary<Type, IReadOnlyDictionary<string, Type>>());
        var tags = (IReadOnlyDictionary<string, TagConfig>)binder.BindNamed(map, typeof(TagConfig), "tags", "");
        var document =
            new ConfigDocument(new ConfigMap(from, [new(new ConfigScalar(from, "tags", quoted: true), map)]));
        foreach (var (name, tag) in tags)
        {
            TagChecks.Check(name, tag, document, errors);
            if (tag.Unit is { } unit && !EngineeringUnits.TryParse(unit, out _))
            {
                var hint = EngineeringUnits.Nearest(unit) is { } near ? $"; did you mean '{near}'?" : "";
                errors.Add(document.Locate("tags", name, "unit"), $"tag '{name}': there is no unit '{unit}'{hint}");
            }
        }

        return tags;
    }

    private static string[] ReadHeader(List<string> cells, ConfigPosition position, ConfigErrors errors)
    {
        var shape = RecordShape.Of(typeof(TagConfig));
        var header = cells.Select(cell => cell.Trim()).ToArray();
        for (var i = 0; i < header.Length; i++)
        {
            // Spreadsheets like capitals in headings; the keys are told apart without them.
            var known = shape.Keys.Prepend(NameColumn)
                .FirstOrDefault(key => key.Equals(header[i], StringComparison.OrdinalIgnoreCase));
            if (known is null && header[i].Length > 0)
            {
                var hint = NearestName.Hint(header[i], [NameColumn, .. shape.Keys], "known are");
                errors.Add(position, $"unknown column '{header[i]}'{hint}");
            }

            header[i] = known ?? "";
            if (known is not null && Array.IndexOf(header, known) < i)
                errors.Add(position, $"column '{known}' is there twice");
        }

        if (header.Contains(NameColumn))
            return header;
        errors.Add(
            position, "there is no column 'name'; the first line names the columns: name, source, address, type, …");
        return [];
    }

    private static KeyValuePair<ConfigScalar, ConfigNode>? ReadRow(
        string[] header, List<string> cells, ConfigPosition position, char separator, ConfigErrors errors)
    {
        if (cells.TrueForAll(string.IsNullOrWhiteSpace))
            return null;
        if (cells.Count > header.Length)
        {
            errors.Add(
                position,
                $"{cells.Count} cells, but the first line names {header.Length} columns; a text with '{separator}' "
                + "needs quotes");
            return null;
        }

        var shape = RecordShape.Of(typeof(TagConfig));
        var name = "";
        var keys = new List<KeyValuePair<ConfigScalar, ConfigNode>>();
        for (var i = 0; i < cells.Count; i++)
        {
            if (header[i] == NameColumn)
                name = cells[i].Trim();
            else if (header[i].Length > 0 && cells[i].Length > 0)
                keys.Add(new(new ConfigScalar(position, header[i], quoted: true),
                    ToNode(cells[i], shape.Find(header[i])!, position, separator)));
        }

        return new(new ConfigScalar(position, name, quoted: true), new ConfigMap(position, keys));
    }

    private static ConfigNode ToNode(string cell, RecordMember member, ConfigPosition position, char separator)
    {
        if (member.Type != typeof(ValueRange))
            return new ConfigScalar(
                position, member.Type == typeof(double) ? Number(cell, separator) : cell, quoted: true);
        var limits =
            cell.Trim().TrimStart('[').TrimEnd(']').Split(cell.Contains(';') ? ";" : cell.Contains("..") ? ".." : ",");
        return new ConfigList(position,
            [.. limits.Select(limit => new ConfigScalar(position, Number(limit.Trim(), separator), quoted: true))]);
    }

    // Where the semicolon separates, the comma is the decimal point: "0,5" in a file that uses commas would be two
    // cells.
    private static string Number(string text, char separator) =>
        separator != ',' && text.Count(c => c == ',') == 1 && !text.Contains('.') ? text.Replace(',', '.') : text;

    private static bool IsDefault(RecordMember member, TagConfig tag) =>
        Equals(member.Property.GetValue(tag), member.Default);

    private static string Cell(RecordMember column, TagConfig tag) =>
        !column.IsRequired && IsDefault(column, tag) ? "" : ConfigValueText.Format(column.Property.GetValue(tag)!);

    private static void WriteRow(TextWriter writer, IEnumerable<string> cells)
    {
        writer.Write(string.Join(',', cells.Select(cell => CsvText.Quote(cell, ','))));
        writer.Write("\r\n");
    }
}
