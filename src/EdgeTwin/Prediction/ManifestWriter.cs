using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeTwin.Prediction;

/// <summary>Writes a manifest as JSON; the same manifest gives the same text.</summary>
internal static class ManifestWriter
{
    public static string Write(ModelManifest manifest)
    {
        using var stream = new MemoryStream();
        using (var json =
            new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("kind", KebabCase(manifest.Kind));
            json.WriteString("version", manifest.Version);
            json.WriteString("trainer", manifest.Trainer);
            json.WriteString("tensor", manifest.Tensor);
            json.WriteNumber("window", manifest.Window);
            json.WriteNumber("period", manifest.Period.TotalSeconds);
            json.WriteNumber("horizon", manifest.Horizon.TotalSeconds);
            List(json, "inputs", manifest.Inputs, Input);
            List(json, "outputs", manifest.Outputs, Output);
            List(json, "thresholds", manifest.Thresholds, Threshold);
            if (manifest.Data is { } data) Data(json, data);
            List(json, "golden", manifest.Golden, Golden);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Input(Utf8JsonWriter json, ModelInput input)
    {
        json.WriteString("name", input.Name);
        json.WriteString("unit", input.Unit);
        if (input.Range is { } range) Numbers(json, "range", [range.Low, range.High]);
    }

    private static void Output(Utf8JsonWriter json, ModelOutput output)
    {
        json.WriteString("name", output.Name);
        if (output.Tensor is null)
        {
            json.WriteNumber("constant", output.Constant);
        }
        else
        {
            json.WriteString("tensor", output.Tensor);
            json.WriteNumber("index", output.Index);
        }

        json.WriteString("unit", output.Unit);
        json.WriteString("type", output.Type.ToString().ToLowerInvariant());
        json.WriteNumber("deadband", output.Deadband);
        if (output.Description is not null) json.WriteString("description", output.Description);
        if (output.Labels.Count == 0) return;
        json.WriteStartArray("labels");
        foreach (var label in output.Labels) json.WriteStringValue(label);
        json.WriteEndArray();
    }

    private static void Threshold(Utf8JsonWriter json, ModelThreshold threshold)
    {
        json.WriteString("output", threshold.Output);
        json.WriteNumber("value", threshold.Value);
        json.WriteNumber("falseAlarmRate", threshold.FalseAlarmRate);
        json.WriteNumber("independentWindows", threshold.IndependentWindows);
        json.WriteNumber("upperBound", threshold.UpperBound);
    }

    private static void Data(Utf8JsonWriter json, TrainingSpan data)
    {
        json.WriteStartObject("data");
        json.WriteString("from", data.From);
        json.WriteString("to", data.To);
        json.WriteNumber("rows", data.Rows);
        json.WriteString("sha256", data.Sha256);
        json.WriteEndObject();
    }

    private static void Golden(Utf8JsonWriter json, GoldenVector golden)
    {
        Numbers(json, "input", golden.Input);
        Numbers(json, "outputs", golden.Outputs);
    }

    private static void List<T>(Utf8JsonWriter json, string key, IReadOnlyList<T> items,
        Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(key);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Numbers(Utf8JsonWriter json, string key, ReadOnlySpan<double> numbers)
    {
        json.WriteStartArray(key);
        foreach (var number in numbers) json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static string KebabCase(ModelKind kind) => JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());
}
