namespace EdgeTwin.OpcUa.Generator.Code;

/// <summary>An enumeration or option set of the binary schema.</summary>
internal sealed record SchemaEnumeration(
    string Name, int LengthBits, bool IsOptionSet, IReadOnlyList<(string Name, string Value)> Values)
{
    /// <summary>The C# type under the enumeration; an enumeration proper is an Int32 on the wire (OPC 10000-6
    /// §5.2.4).</summary>
    public string Underlying => (IsOptionSet, LengthBits) switch
    {
        (true, 8) => "byte",
        (true, 16) => "ushort",
        (true, 32) => "uint",
        (false, 32) => "int",
        _ => throw new InvalidDataException($"The enumeration '{Name}' has {LengthBits} bits."),
    };
}
