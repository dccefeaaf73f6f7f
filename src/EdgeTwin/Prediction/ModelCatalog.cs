using EdgeTwin.Tags;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Prediction;

/// <summary>
/// The models of one gateway: opens their packages, joins their inputs and outputs to tags and makes their predictors,
/// in this order.
/// </summary>
internal sealed class ModelCatalog
{
    private readonly IReadOnlyList<(string Name, ModelConfig Config, ModelPackage Package)> models;
    private readonly Func<string, EngineeringUnit?> findUnit;

    private ModelCatalog(
        IReadOnlyList<(string Name, ModelConfig Config, ModelPackage Package)> models,
        Func<string, EngineeringUnit?> findUnit)
    {
        this.models = models;
        this.findUnit = findUnit;
    }

    /// <summary>Opens all packages.</summary>
    /// <param name="models">By name, from the configuration.</param>
    /// <param name="folder">What package paths are relative to: the folder of the configuration file.</param>
    /// <param name="findUnit">Unit by symbol; null for one that does not exist.</param>
    /// <param name="errors">One for each package that cannot be opened; those models are left out.</param>
    public static ModelCatalog Open(
        IReadOnlyDictionary<string, ModelConfig> models, string folder, Func<string, EngineeringUnit?> findUnit,
        out IReadOnlyList<ModelError> errors)
    {
        List<(string, ModelConfig, ModelPackage)> opened = [];
        List<ModelError> failed = [];
        foreach (var (name, config) in models)
        {
            try
            {
                opened.Add((name, config, ModelPackage.Open(Path.Combine(folder, config.Package))));
            }
            catch (ModelException exception)
            {
                failed.Add(new ModelError(name, exception.Message));
            }
        }

        errors = failed;
        return new ModelCatalog(opened, findUnit);
    }

    /// <summary>Joins every model to its tags. The table holds all inputs, and the outputs as
    /// <c>model.output</c>.</summary>
    /// <param name="table">All tags.</param>
    /// <param name="errors">Inputs without a tag, units that do not fit; those models are left out.</param>
    public IReadOnlyList<BoundModel> Bind(TagTable table, out IReadOnlyList<ModelError> errors)
    {
        List<ModelError> failed = [];
        List<BoundModel> bound = [];
        foreach (var (name, config, package) in models)
        {
            var before = failed.Count;
            foreach (var unknown in config.Inputs.Keys.Where(k => package.Manifest.Inputs.All(i => i.Name != k)))
            {
                failed.Add(new ModelError(name, $"the model has no input '{unknown}'; it has "
                    + string.Join(", ", package.Manifest.Inputs.Select(i => i.Name))));
            }

            List<InputBinding> inputs = [];
            foreach (var input in package.Manifest.Inputs)
            {
                if (Bind(input, config.Inputs.GetValueOrDefault(input.Name, input.Name), table, out var error)
                    is { } binding)
                    inputs.Add(binding);
                else failed.Add(new ModelError(name, error));
            }

            if (failed.Count > before) continue;
            bound.Add(new BoundModel(name, package, inputs,
                [.. package.Manifest.Outputs.Select(o => Find(table, $"{name}.{o.Name}"))]));
        }

        errors = failed;
        return bound;
    }

    /// <summary>One predictor for each bound model; start each with <see cref="Predictor.RunAsync"/>.</summary>
    /// <param name="models">From <see cref="Bind(TagTable, out IReadOnlyList{ModelError})"/>.</param>
    /// <param name="time">Clock of the gateway.</param>
    /// <param name="loggers">Makes the predictors' logger.</param>
    /// <param name="speed">How much faster than real time the inputs run; 1 on a real machine.</param>
    public static IReadOnlyList<Predictor> CreatePredictors(
        IEnumerable<BoundModel> models, TimeProvider time, ILoggerFactory loggers, double speed = 1)
    {
        var logger = loggers.CreateLogger<Predictor>();
        return [.. models.Select(m => new Predictor(m, time, logger, speed))];
    }

    private static TagDefinition Find(TagTable table, string name) => table.TryFind(name, out var tag)
        ? tag
        : throw new InvalidOperationException($"the output '{name}' is not in the table");

    private InputBinding? Bind(ModelInput input, string tagName, TagTable table, out string error)
    {
        error = "";
        if (!table.TryFind(tagName, out var tag))
        {
            error = $"input '{input.Name}' has no tag '{tagName}'; name the tag that feeds it under 'inputs', as in "
                + $"inputs: {{ {input.Name}: some-tag }}";
            return null;
        }

        if (tag.Type == TagDataType.String)
        {
            error = $"input '{input.Name}' is fed by tag '{tagName}', which is a string; a model takes numbers";
            return null;
        }

        if (input.Unit.Length == 0 || tag.Unit is null
            || tag.Unit.Symbol == input.Unit) return new InputBinding(input, tag, 1, 0);
        var unit = findUnit(input.Unit);
        if (unit is not null && unit.Dimension == tag.Unit.Dimension)
        {
            // tag × its factor + its offset is the SI value; the package's unit is found by the inverse of its own.
            return new InputBinding(input, tag, tag.Unit.Factor / unit.Factor,
                (tag.Unit.Offset - unit.Offset) / unit.Factor);
        }

        error = $"input '{input.Name}' is in {input.Unit}, which tag '{tagName}' in {tag.Unit.Symbol} cannot be "
            + $"converted to";
        return null;
    }
}
