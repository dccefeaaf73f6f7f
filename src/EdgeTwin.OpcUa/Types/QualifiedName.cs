using System.Globalization;

namespace EdgeTwin.OpcUa.Types;

/// <summary>A name within a namespace (OPC 10000-3 §8.3).</summary>
/// <param name="NamespaceIndex">Index into the NamespaceArray.</param>
/// <param name="Name">The name, at most 512 characters; null is the null name.</param>
public readonly record struct QualifiedName(ushort NamespaceIndex, string? Name)
{
    /// <summary>True when there is no name.</summary>
    public bool IsNull => string.IsNullOrEmpty(Name);

    /// <summary>A name of namespace 0.</summary>
    public static implicit operator QualifiedName(string? name) => new(0, name);

    /// <summary><c>2:name</c>, without the prefix in namespace 0.</summary>
    public override string ToString() => NamespaceIndex == 0
        ? Name ?? ""
        : string.Create(CultureInfo.InvariantCulture, $"{NamespaceIndex}:{Name}");
}
