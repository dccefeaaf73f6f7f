using EdgeTwin.Tags;

namespace EdgeTwin.Configuration;

/// <summary>An input or output of a model package.</summary>
/// <param name="Name">Input: the tag's name where the model was trained. Output: the tag becomes
/// <c>model.name</c>.</param>
/// <param name="Type">Data type of an output's tag; not looked at for inputs.</param>
/// <param name="Unit">Engineering unit; null where the package names none.</param>
internal sealed record ModelPort(string Name, TagDataType Type, string? Unit)
{
    /// <summary>Output: smallest change that is recorded.</summary>
    public double Deadband { get; init; }

    /// <summary>Output: what it means, for people.</summary>
    public string? Description { get; init; }
}
