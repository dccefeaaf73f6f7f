using EdgeTwin.Prediction;
using EdgeTwin.Tags;
using static EdgeTwin.Tests.Prediction.PredictionFixture;

namespace EdgeTwin.Tests.Prediction;

public sealed class ModelCatalogTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("edgetwin-catalog-");

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("bar", "mbar", 1500, 1.5)]
    [InlineData("°C", "°F", 212, 100)]
    [InlineData("°F", "°C", 100, 212)]
    [InlineData("bar", "bar", 1.25, 1.25)]
    public void A_tag_in_another_unit_of_the_same_dimension_is_converted(string model, string tag, double value,
        double expected)
    {
        var table = Table(unitA: tag);
        var bound = Assert.Single(Bind(Package(unitA: model), table, out var errors));
        Assert.Empty(errors);
        Assert.Equal(expected, bound.Inputs[0].ToPackageUnit(value), 9);
    }

    [Fact]
    public void A_tag_of_another_dimension_is_an_error()
    {
        Assert.Empty(Bind(Package(), Table(unitA: "°C"), out var errors));
        Assert.Equal("input 'a' is in bar, which tag 'a' in °C cannot be converted to", Assert.Single(errors).Message);
    }

    [Fact]
    public void An_input_without_a_tag_says_how_to_map_it()
    {
        var inputs = new Dictionary<string, string> { ["a"] = "missing", ["c"] = "b" };
        Assert.Empty(Bind(Package(), Table(), out var errors, inputs));
        Assert.Equal(
            ["the model has no input 'c'; it has a, b",
             "input 'a' has no tag 'missing'; name the tag that feeds it under 'inputs', as in inputs: { a: some-tag "
                 + "}"],
            errors.Select(e => e.Message));
    }

    [Fact]
    public void A_mapped_input_takes_the_mapped_tag()
    {
        var inputs = new Dictionary<string, string> { ["a"] = "b", ["b"] = "a" };
        var bound = Assert.Single(Bind(Package(unitA: ""), Table(), out _, inputs));
        Assert.Equal([1, 0], bound.Inputs.Select(i => i.Tag.Id.Index));
    }

    [Fact]
    public void A_package_that_does_not_open_is_reported_under_its_model()
    {
        var models = new Dictionary<string, ModelConfig> { ["condition"] = new() { Package = "nowhere.onnx" } };
        ModelCatalog.Open(models, folder.FullName, FindUnit, out var errors);
        var error = Assert.Single(errors);
        Assert.Equal("condition", error.Model);
        Assert.EndsWith("nowhere.onnx: there is no such file; make one with 'edgetwin train'", error.Message);
    }

    private IReadOnlyList<BoundModel> Bind(ModelPackage package, TagTable table, out IReadOnlyList<ModelError> errors,
        Dictionary<string, string>? inputs = null)
    {
        File.WriteAllBytes(Path.Combine(folder.FullName, "m.onnx"), package.Bytes.ToArray());
        var config = new ModelConfig { Package = "m.onnx", Inputs = inputs ?? [] };
        var models = new Dictionary<string, ModelConfig> { ["condition"] = config };
        var catalog = ModelCatalog.Open(models, folder.FullName, FindUnit, out var broken);
        Assert.Empty(broken);
        AddOutputs(table, "condition", package);
        return catalog.Bind(table, out errors);
    }
}
