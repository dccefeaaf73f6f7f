using EdgeTwin.Configuration;
using EdgeTwin.Prediction;
using EdgeTwin.Sources;
using EdgeTwin.Tags;
using EdgeTwin.Upstream;

namespace EdgeTwin.Hosting;

/// <summary>Loads a configuration with every driver, uplink and model format that this gateway has.</summary>
internal static class ConfigurationFile
{
    /// <summary>The configuration record of each uplink driver.</summary>
    public static IReadOnlyDictionary<string, Type> UplinkTypes { get; } =
        UplinkCatalog.Drivers.ToDictionary(driver => driver.Name, driver => driver.ConfigType);

    /// <summary>Loads and checks; what is wrong is in the result.</summary>
    public static ConfigResult Load(string path) =>
        new ConfigLoader(SourceCatalog.Drivers, UplinkTypes, UplinkCatalog.Check, ReadPorts,
            Environment.GetEnvironmentVariable).Load(path);

    private static ModelPorts ReadPorts(string packagePath)
    {
        try
        {
            var manifest = ModelPackage.Open(packagePath).Manifest;
            return new ModelPorts
            {
                Inputs = [.. manifest.Inputs.Select(input =>
                    new ModelPort(input.Name, TagDataType.None, UnitOf(input.Unit)))],
                Outputs =
                [
                    .. manifest.Outputs.Select(output => new ModelPort(output.Name, output.Type, UnitOf(output.Unit))
                    {
                        Deadband = output.Deadband,
                        Description = output.Description,
                    }),
                ],
            };
        }
        catch (ModelException broken)
        {
            return new ModelPorts { Problems = [broken.Message] };
        }
    }

    private static string? UnitOf(string symbol) => symbol.Length == 0 ? null : symbol;
}
