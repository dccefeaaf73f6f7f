namespace EdgeTwin.Benchmarks;

/// <summary>What a benchmark is called with: <c>--name value</c> pairs, and the report it writes to.</summary>
internal sealed class BenchmarkArguments(string name, string[] options)
{
    public Report Report { get; } = new(name);

    public string? Option(string option)
    {
        var at = Array.IndexOf(options, "--" + option);
        return at >= 0 && at + 1 < options.Length ? options[at + 1] : null;
    }

    public int Option(string option, int otherwise) => Option(option) is { } text ? int.Parse(text) : otherwise;
}
