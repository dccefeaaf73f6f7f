using EdgeTwin.Prediction;
using EdgeTwin.Prediction.Onnx;
using EdgeTwin.Tags;

namespace EdgeTwin.Tests.Prediction;

public sealed class ModelPackageTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("edgetwin-model-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void A_package_says_what_it_takes_and_gives()
    {
        var manifest = ModelPackage.Open(DemoFiles.Path("pump-condition.onnx")).Manifest;
        Assert.Equal(ModelKind.AnomalyDetection, manifest.Kind);
        Assert.Equal(TimeSpan.FromSeconds(1), manifest.Period);
        Assert.Equal(10, manifest.Window);
        var flow = Assert.Single(manifest.Inputs, i => i.Name == "flow");
        Assert.Equal("L/min", flow.Unit);
        Assert.True(flow.Range!.Value.Contains(127));
        Assert.Contains(manifest.Outputs, o => o.Name == "score");
        Assert.Contains(manifest.Outputs, o => o is { Name: "threshold", Tensor: null, Constant: 1 });
        var threshold = Assert.Single(manifest.Thresholds);
        Assert.Equal(0.001, threshold.FalseAlarmRate);
        Assert.Equal(490, manifest.Data!.Rows);
    }

    [Fact]
    public void Writing_and_reading_a_manifest_keeps_all_of_it()
    {
        var text = ManifestWriter.Write(ModelPackage.Open(DemoFiles.Path("pump-condition.onnx")).Manifest);
        Assert.Equal(text, ManifestWriter.Write(ManifestReader.Read(text)));
    }

    [Fact]
    public void All_that_is_wrong_with_a_manifest_is_said_at_once()
    {
        const string json = """
            { "kind": "magic", "window": 0, "inputs": [ { "name": "a" }, { "name": "a" } ],
              "outputs": [ { "name": "y", "type": "float99" } ], "thresholds": [ { "output": "z", "value": 1 } ] }
            """;
        var error = Assert.Throws<ModelException>(() => ManifestReader.Read(json));
        foreach (var part in (string[])["kind: 'magic'", "tensor: is missing", "window: 0", "period: is missing",
            "'a' is named twice", "no data type 'float99'", "either a tensor or a constant", "there is no output 'z'"])
        {
            Assert.Contains(part, error.Message);
        }
    }

    [Fact]
    public void A_missing_file_says_how_to_make_one()
    {
        var error = Assert.Throws<ModelException>(() => ModelPackage.Open("nowhere/pump.onnx"));
        Assert.Equal("nowhere/pump.onnx: there is no such file; make one with 'edgetwin train'", error.Message);
    }

    [Fact]
    public void A_model_without_metadata_and_without_a_sidecar_says_what_to_do()
    {
        var path = Write("plain.onnx", Doubler().ToBytes("t", "1"));
        var error = Assert.Throws<ModelException>(() => ModelPackage.Open(path));
        Assert.StartsWith($"{path}: the file has no metadata 'edgetwin' and there is no ", error.Message);
    }

    // As a model from PyTorch or scikit-learn comes: 32-bit floats, one row, described by a file beside it.
    [Fact]
    public void A_foreign_model_runs_with_a_sidecar()
    {
        var path = Write("foreign.onnx", Doubler().ToBytes("t", "1"));
        File.WriteAllText(Path.ChangeExtension(path, ".yaml"), """
            kind: soft-sensor
            tensor: x
            period: 0.5
            inputs:
              - { name: speed, unit: rpm, range: [0, 3000] }
              - { name: load, unit: "%" }
            outputs:
              - { name: torque, tensor: y, index: 1, unit: N·m }
            golden:
              - { input: [1.5, 4], outputs: [8] }
            """);
        var package = ModelPackage.Open(path);
        package.VerifyGolden();
        Assert.Equal(TimeSpan.FromMilliseconds(500), package.Manifest.Period);
        Assert.Equal(new ValueRange(0, 3000), package.Manifest.Inputs[0].Range);
    }

    [Fact]
    public void A_golden_vector_that_the_graph_does_not_compute_is_caught()
    {
        var package = Load("""[ { "input": [1, 2], "outputs": [2.0001] } ]""");
        var error = Assert.Throws<ModelException>(package.VerifyGolden);
        Assert.Contains("output 'double' is 2 for golden input 0, not 2.0001", error.Message);
        Load("""[ { "input": [1, 2], "outputs": [2.00001] } ]""").VerifyGolden(); // control: within 1e-5
    }

    [Fact]
    public void A_window_that_the_graph_does_not_take_is_refused()
    {
        var error = Assert.Throws<ModelException>(() => Load("[]", window: 3));
        Assert.Equal("test.onnx: input x[1 x 2] does not take 1 x window x tags = 1 x 3 x 2 numbers", error.Message);
    }

    [Fact]
    public void An_operator_that_the_runtime_does_not_know_is_explained()
    {
        var graph = new OnnxModelWriter("g");
        graph.Input("x", TensorType.Float32, 1, 2);
        graph.Result("y", "NoSuchOperator", "x");
        graph.Output("y", TensorType.Float32, 1, 2);
        graph.Metadata(ModelManifest.MetadataKey, Manifest("[]", window: 1));
        var package = ModelPackage.Load("odd.onnx", graph.ToBytes("t", "1"));
        var error = Assert.Throws<ModelException>(() => OnnxSession.Create(package));
        Assert.StartsWith("odd.onnx: the ONNX Runtime refuses the model: ", error.Message);
    }

    internal static OnnxModelWriter Doubler()
    {
        var graph = new OnnxModelWriter("doubler");
        var x = graph.Input("x", TensorType.Float32, 1, 2);
        graph.Result("y", "Add", x, x);
        graph.Output("y", TensorType.Float32, 1, 2);
        return graph;
    }

    private static ModelPackage Load(string golden, int window = 1)
    {
        var graph = Doubler();
        graph.Metadata(ModelManifest.MetadataKey, Manifest(golden, window));
        return ModelPackage.Load("test.onnx", graph.ToBytes("t", "1"));
    }

    private static string Manifest(string golden, int window) => $$"""
        { "kind": "soft-sensor", "tensor": "x", "period": 1, "window": {{window}},
          "inputs": [ { "name": "a" }, { "name": "b" } ],
          "outputs": [ { "name": "double", "tensor": "y" } ], "golden": {{golden}} }
        """;

    private string Write(string name, ReadOnlyMemory<byte> bytes)
    {
        var path = Path.Combine(folder.FullName, name);
        File.WriteAllBytes(path, bytes.ToArray());
        return path;
    }
}
