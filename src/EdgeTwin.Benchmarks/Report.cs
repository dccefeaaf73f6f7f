using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeTwin.Benchmarks;

/// <summary>Prints one JSON object a line: benchmark, metric, value, unit, bar, ok, conditions.</summary>
internal sealed class Report(string benchmark)
{
    private static readonly JsonSerializerOptions Plain =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public bool AllOk { get; private set; } = true;

    public void AtMost(string metric, double value, string unit, double bar, string conditions) =>
        Line(metric, value, unit, $"<= {bar:0.###}", value <= bar, conditions);

    public void AtLeast(string metric, double value, string unit, double bar, string conditions) =>
        Line(metric, value, unit, $">= {bar:0.###}", value >= bar, conditions);

    /// <summary>A figure without a bar, for context.</summary>
    public void Note(string metric, double value, string unit, string conditions) =>
        Line(metric, value, unit, "", true, conditions);

    private void Line(string metric, double value, string unit, string bar, bool ok, string conditions)
    {
        AllOk &= ok;
        Console.WriteLine(JsonSerializer.Serialize(
            new { benchmark, metric, value = Math.Round(value, 4), unit, bar, ok, conditions }, Plain));
    }
}
