using System.Globalization;
using System.Text.Json;
using EdgeTwin.Tags;

namespace EdgeTwin.Prediction;

/// <summary>
/// Reads a manifest from JSON. All that is wrong is collected; unknown keys are left alone, so that a package from a
/// later version still opens.
/// </summary>
internal sealed class ManifestReader
{
    private const int MostWindow = 100_000;
    private const int MostTags = 1024;

    private readonly List<string> errors = [];

    private ManifestReader()
    {
    }

    /// <exception cref="ModelException">The manifest is incomplete or contradicts itself; the message lists
    /// everything.</exception>
    public static ModelManifest Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            var reader = new ManifestReader();
            var manifest = reader.Manifest(document.RootElement);
            if (reader.errors.Count > 0) throw new ModelException(string.Join("; ", reader.errors));
            return manifest;
        }
        catch (JsonException exception)
        {
            throw new ModelException($"the manifest is not JSON: {exception.Message}", exception);
        }
    }

    private ModelManifest Manifest(JsonElement root)
    {
        var data = Child(root, "data");
        var manifest = new ModelManifest
        {
            Kind = Kind(Text(root, "kind", required: true)),
            Version = Text(root, "version") ?? "1",
            Trainer = Text(root, "trainer") ?? "",
            Tensor = Text(root, "tensor", required: true) ?? "",
            Window = (int)Number(root, "window", 1, low: 1, high: MostWindow),
            Period = TimeSpan.FromSeconds(Number(root, "period", double.NaN, low: 0.001, high: 86_400)),
            Horizon = TimeSpan.FromSeconds(Number(root, "horizon", 0, low: 0, high: 1e9)),
            Inputs = [.. Items(root, "inputs", required: true).Select(Input)],
            Outputs = [.. Items(root, "outputs", required: true).Select(Output)],
            Thresholds = [.. Items(root, "thresholds").Select(Threshold)],
            Golden = [.. Items(root, "golden").Select(g =>
            new GoldenVector(Numbers(g, "input"), Numbers(g, "outputs")))],
            Data = data is { } span ? Span(span) : null,
        };
        Check(manifest);
        return manifest;
    }

    private void Check(ModelManifest manifest)
    {
        if (manifest.Inputs.Count > MostTags) errors.Add(
            $"inputs: {manifest.Inputs.Count} tags are more than {MostTags}");
        foreach (var twice in manifest.Inputs.GroupBy(i => i.Name).Where(g => g.Count() > 1))
            errors.Add($"inputs: '{twice.Key}' is named twice");
        foreach (var twice in manifest.Outputs.GroupBy(o => o.Name).Where(g => g.Count() > 1))
            errors.Add($"outputs: '{twice.Key}' is named twice");
        foreach (var output in manifest.Outputs.Where(o => o.Type == TagDataType.String && o.Labels.Count == 0))
            errors.Add($"outputs: '{output.Name}' is a string and needs labels");
        foreach (var threshold in manifest.Thresholds.Where(t => manifest.Outputs.All(o => o.Name != t.Output)))
            errors.Add($"thresholds: there is no output '{threshold.Output}'");
        var width = manifest.Window * (long)manifest.Inputs.Count;
        foreach (var golden in manifest.Golden)
        {
            if (golden.Input.Length != width)
                errors.Add($"golden: an input has {golden.Input.Length} numbers, window x tags is {width}");
            if (golden.Outputs.Length != manifest.Outputs.Count)
                errors.Add($"golden: {golden.Outputs.Length} outputs where the package has {manifest.Outputs.Count}");
        }
    }

    private ModelInput Input(JsonElement item)
    {
        var range = Numbers(item, "range");
        if (range.Length is not (0 or 2)) errors.Add("inputs: range is [low, high]");
        return new ModelInput
        {
            Name = Text(item, "name", required: true) ?? "",
            Unit = Text(item, "unit") ?? "",
            Range = range.Length == 2 ? new ValueRange(range[0], range[1]) : null,
        };
    }

    private ModelOutput Output(JsonElement item)
    {
        var type = Text(item, "type") ?? nameof(TagDataType.Float64);
        if (!Enum.TryParse<TagDataType>(type, ignoreCase: true, out var dataType) || dataType == TagDataType.None)
            errors.Add($"outputs: there is no data type '{type}'");
        var tensor = Text(item, "tensor");
        var constant = Number(item, "constant", double.NaN, double.MinValue, double.MaxValue, optional: true);
        if (tensor is null == double.IsNaN(constant))
            errors.Add("outputs: each has either a tensor or a constant");
        return new ModelOutput
        {
            Name = Text(item, "name", required: true) ?? "",
            Tensor = tensor,
            Index = (int)Number(item, "index", 0, 0, int.MaxValue),
            Constant = constant,
            Unit = Text(item, "unit") ?? "",
            Type = dataType,
            Labels = [.. Items(item, "labels").Select(l => l.ValueKind == JsonValueKind.String ? l.GetString()!
            : l.GetRawText())],
            Deadband = Number(item, "deadband", 0, 0, double.MaxValue),
            Description = Text(item, "description"),
        };
    }

    private ModelThreshold Threshold(JsonElement item) => new()
    {
        Output = Text(item, "output", required: true) ?? "",
        Value = Number(item, "value", double.NaN, double.MinValue, double.MaxValue),
        FalseAlarmRate = Number(item, "falseAlarmRate", 0, 0, 1),
        IndependentWindows = Number(item, "independentWindows", 0, 0, 1e15),
        UpperBound = Number(item, "upperBound", 1, 0, 1),
    };

    private TrainingSpan Span(JsonElement item) => new(
        Time(item, "from"), Time(item, "to"), (long)Number(item, "rows", 0, 0, 1e15), Text(item, "sha256") ?? "");

    private ModelKind Kind(string? text)
    {
        if (Enum.TryParse<ModelKind>(text?.Replace("-", "", StringComparison.Ordinal), ignoreCase: true,
            out var kind)) return kind;
        errors.Add(
            $"kind: '{text}' is none of anomaly-detection, soft-sensor, forecast, remaining-life, classification");
        return default;
    }

    private static JsonElement? Child(JsonElement item, string key) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(key, out var child)
            && child.ValueKind != JsonValueKind.Null ? child : null;

    private string? Text(JsonElement item, string key, bool required = false)
    {
        var child = Child(item, key);
        if (child is { ValueKind: JsonValueKind.String } text) return text.GetString();
        if (child is { ValueKind: JsonValueKind.Number } number) return number.GetRawText();
        if (child is not null) errors.Add($"{key}: a text is expected");
        else if (required) errors.Add($"{key}: is missing");
        return null;
    }

    private double Number(JsonElement item, string key, double otherwise, double low, double high, bool optional =
        false)
    {
        var child = Child(item, key);
        if (child is null)
        {
            if (double.IsNaN(otherwise) && !optional) errors.Add($"{key}: is missing");
            return double.IsNaN(otherwise) && !optional ? low : otherwise;
        }

        if (child is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out var value)
            && value >= low && value <= high) return value;
        errors.Add($"{key}: {child.Value.GetRawText()} is not a number from {low:R} to {high:R}");
        return low;
    }

    private double[] Numbers(JsonElement item, string key)
    {
        var items = Items(item, key);
        if (items.TrueForAll(i => i.ValueKind == JsonValueKind.Number)) return [.. items.Select(i => i.GetDouble())];
        errors.Add($"{key}: numbers are expected");
        return [];
    }

    private List<JsonElement> Items(JsonElement item, string key, bool required = false)
    {
        var child = Child(item, key);
        if (child is { ValueKind: JsonValueKind.Array } array && (!required || array.GetArrayLength() > 0))
            return [.. array.EnumerateArray()];
        if (child is not null) errors.Add($"{key}: a list with at least one entry is expected");
        else if (required) errors.Add($"{key}: is missing");
        return [];
    }

    private DateTime Time(JsonElement item, string key)
    {
        if (DateTime.TryParse(Text(item, key), CultureInfo.InvariantCulture,
                DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time)) return time;
        errors.Add($"{key}: a time such as 2026-01-31T12:00:00Z is expected");
        return default;
    }
}
