namespace EdgeTwin.Configuration;

/// <summary>Collects what is found while a configuration is read; nothing stops at the first.</summary>
internal sealed class ConfigErrors
{
    private readonly List<ConfigError> errors = [];
    private readonly List<ConfigError> warnings = [];

    public int Count => errors.Count;

    /// <summary>What keeps the gateway from starting, by position.</summary>
    public IReadOnlyList<ConfigError> Errors => Sorted(errors);

    /// <summary>What is legal but hardly meant, by position.</summary>
    public IReadOnlyList<ConfigError> Warnings => Sorted(warnings);

    public void Add(ConfigError error) => errors.Add(error);

    public void Add(ConfigPosition position, string message) => errors.Add(new ConfigError(position, message));

    public void Warn(ConfigPosition position, string message) => warnings.Add(new ConfigError(position, message));

    // OrderBy is stable, so findings at one place keep the order in which they were made.
    private static List<ConfigError> Sorted(List<ConfigError> found) =>
        found.Distinct().OrderBy(error => error.Position).ToList();
}
