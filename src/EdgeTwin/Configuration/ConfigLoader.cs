using EdgeTwin.Assets;
using EdgeTwin.Sources;
using EdgeTwin.Upstream;

namespace EdgeTwin.Configuration;

/// <summary>
/// Loads a configuration file: text, tree, tag files, records, references, tags and expressions. Finds all errors at
/// once. It reads the file, the tag files and the model packages that the file names, and opens no connection.
/// </summary>
/// <param name="sources">The source drivers there are.</param>
/// <param name="uplinkTypes">The configuration record of each uplink driver.</param>
/// <param name="checkUplink">Finds what is wrong with an uplink, as (key of its record, message); does no I/O.</param>
/// <param name="models">Reads the inputs and outputs of model packages.</param>
/// <param name="environment">Value of an environment variable, for warnings about secrets that are not there.</param>
internal sealed class ConfigLoader(
    IReadOnlyList<SourceDriver> sources, IReadOnlyDictionary<string, Type> uplinkTypes,
    Func<UplinkConfig, IEnumerable<(string Key, string Message)>> checkUplink, ModelPortsReader models,
    Func<string, string?> environment)
{
    private readonly Dictionary<string, SourceDriver> drivers = sources.ToDictionary(driver => driver.Name);

    private readonly Dictionary<Type, IReadOnlyDictionary<string, Type>> driverTypes = new()
    {
        [typeof(SourceConfig)] = sources.ToDictionary(driver => driver.Name, driver => driver.ConfigType),
        [typeof(UplinkConfig)] = uplinkTypes,
    };

    /// <summary>Loads the file at a path; messages name the file as the path is given.</summary>
    public ConfigResult Load(string path)
    {
        var errors = new ConfigErrors();
        var fullPath = Path.GetFullPath(path);
        var baseFolder = Path.GetDirectoryName(fullPath) ?? Path.GetPathRoot(fullPath)!;
        var start = new ConfigPosition(path, 1, 1);
        return ConfigFileText.TryRead(fullPath, path, errors, start, out var text)
            ? Parse(path, text, baseFolder, errors)
            : Failed(baseFolder, errors);
    }

    /// <summary>Loads from the bytes of a file.</summary>
    /// <param name="file">The file's name for messages.</param>
    /// <param name="bytes">UTF-8, with or without byte order mark.</param>
    /// <param name="baseFolder">Where relative paths start.</param>
    public ConfigResult Parse(string file, ReadOnlySpan<byte> bytes, string baseFolder)
    {
        var errors = new ConfigErrors();
        return ConfigFileText.TryDecode(bytes, file, errors, out var text)
            ? Parse(file, text, baseFolder, errors)
            : Failed(baseFolder, errors);
    }

    private static ConfigResult Failed(string baseFolder, ConfigErrors errors) =>
        new() { BaseFolder = baseFolder, Errors = errors.Errors, Warnings = errors.Warnings };

    private ConfigResult Parse(string file, string text, string baseFolder, ConfigErrors errors)
    {
        if (ConfigTreeReader.Read(file, text, errors) is not { } root)
            return Failed(baseFolder, errors);
        TagFiles.Merge(root, baseFolder, errors);
        var document = new ConfigDocument(root);
        var binder = new ConfigBinder(errors, driverTypes);
        var config =
            (EdgeTwinConfig)binder.BindRecord(root, new ConfigPosition(file, 1, 1), typeof(EdgeTwinConfig), "")!;

        new ConfigValidator(config, document, errors, baseFolder, drivers, checkUplink, environment).Check();
        var builder = new TagTableBuilder(config, document, errors, baseFolder, models);
        builder.Build();
        if (errors.Count > 0)
            return Failed(baseFolder, errors);
        return new ConfigResult
        {
            Config = config,
            Asset = Asset.From(config.Asset),
            Tags = builder.Table,
            Alarms = builder.Alarms,
            Document = document,
            BaseFolder = baseFolder,
            Errors = [],
            Warnings = errors.Warnings,
        };
    }
}
