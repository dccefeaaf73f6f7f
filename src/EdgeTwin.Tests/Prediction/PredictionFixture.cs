using EdgeTwin.Prediction;
using EdgeTwin.Tags;

namespace EdgeTwin.Tests.Prediction;

/// <summary>A model of two inputs, a window of three rows and a period of one second, joined to tags.</summary>
internal static class PredictionFixture
{
    public static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static readonly EngineeringUnit Bar = new("bar", new Dimension(-1, 1, -2), 1e5);
    private static readonly EngineeringUnit Millibar = new("mbar", new Dimension(-1, 1, -2), 100);
    private static readonly EngineeringUnit Celsius = new("°C", new Dimension(Kelvin: 1), 1, 273.15);
    private static readonly EngineeringUnit Fahrenheit = new("°F", new Dimension(Kelvin: 1), 5 / 9.0, 459.67 * 5 / 9);

    public static EngineeringUnit? FindUnit(string symbol) =>
        new[] { Bar, Millibar, Celsius, Fahrenheit }.FirstOrDefault(u => u.Symbol == symbol);

    /// <summary>Sum, cause (a text) and a constant threshold of a two-input model whose range is [-10, 10] for
    /// both.</summary>
    public static ModelPackage Package(int window = 3, string unitA = "bar")
    {
        var graph = new EdgeTwin.Prediction.Onnx.OnnxModelWriter("g");
        var x = graph.Input("x", EdgeTwin.Prediction.Onnx.TensorType.Float64, 1, window, 2);
        graph.Result("sum", "ReduceSum", x, graph.Weights([1L, 2L]));
        graph.Output("sum", EdgeTwin.Prediction.Onnx.TensorType.Float64, 1, 1, 1);
        graph.Metadata(ModelManifest.MetadataKey, $$"""
            { "kind": "anomaly-detection", "tensor": "x", "window": {{window}}, "period": 1,
              "inputs": [ { "name": "a", "unit": "{{unitA}}", "range": [-10, 10] },
                { "name": "b", "range": [-10, 10] } ],
              "outputs": [ { "name": "sum", "tensor": "sum", "deadband": 0.1, "description": "The sum." },
                { "name": "cause", "tensor": "sum", "type": "string", "labels": [ "none", "one", "two" ] },
                { "name": "threshold", "constant": 5 } ] }
            """);
        return ModelPackage.Load("test.onnx", graph.ToBytes("t", "1"));
    }

    public static TagTable Table(string unitA = "bar", TimeSpan? cadence = null)
    {
        var table = new TagTable();
        table.Add(id => Tag(id, "a", FindUnit(unitA), cadence));
        table.Add(id => Tag(id, "b", null, cadence));
        return table;
    }

    public static BoundModel Bound(TagTable? table = null, ModelPackage? package = null)
    {
        package ??= Package();
        table ??= Table();
        var outputs = AddOutputs(table, "m", package);
        var inputs = table.All.Take(2).Zip(package.Manifest.Inputs).Select(p =>
            new InputBinding(p.Second, p.First, 1, 0)).ToList();
        return new BoundModel("m", package, inputs, outputs);
    }

    public static IReadOnlyList<TagDefinition> AddOutputs(TagTable table, string model, ModelPackage package) =>
    [
        .. package.Manifest.Outputs.Select(o => table.Add(id => new TagDefinition
        {
            Id = id,
            Name = $"{model}.{o.Name}",
            Type = o.Type,
            Origin = new TagOrigin.Model(model, o.Name),
        })),
    ];

    public static Sample Sample(int tag, double value, DateTime at, StatusCode? status = null) => new(
        new TagId(tag), TagValue.From(value), status ?? StatusCode.Good, at, at, ClockState.Synchronised);

    private static TagDefinition Tag(TagId id, string name, EngineeringUnit? unit, TimeSpan? cadence) => new()
    {
        Id = id,
        Name = name,
        Type = TagDataType.Float64,
        Origin = new TagOrigin.Source("s", name),
        Unit = unit,
        Cadence = cadence,
    };
}
