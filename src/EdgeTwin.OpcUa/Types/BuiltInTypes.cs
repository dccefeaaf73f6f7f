namespace EdgeTwin.OpcUa.Types;

/// <summary>The built-in types and the .NET types that stand for them.</summary>
internal static class BuiltInTypes
{
    private static readonly Dictionary<Type, BuiltInType> ByType = new()
    {
        [typeof(bool)] = BuiltInType.Boolean,
        [typeof(sbyte)] = BuiltInType.SByte,
        [typeof(byte)] = BuiltInType.Byte,
        [typeof(short)] = BuiltInType.Int16,
        [typeof(ushort)] = BuiltInType.UInt16,
        [typeof(int)] = BuiltInType.Int32,
        [typeof(uint)] = BuiltInType.UInt32,
        [typeof(long)] = BuiltInType.Int64,
        [typeof(ulong)] = BuiltInType.UInt64,
        [typeof(float)] = BuiltInType.Float,
        [typeof(double)] = BuiltInType.Double,
        [typeof(string)] = BuiltInType.String,
        [typeof(DateTime)] = BuiltInType.DateTime,
        [typeof(Guid)] = BuiltInType.Guid,
        [typeof(byte[])] = BuiltInType.ByteString,
        [typeof(XmlElement)] = BuiltInType.XmlElement,
        [typeof(NodeId)] = BuiltInType.NodeId,
        [typeof(ExpandedNodeId)] = BuiltInType.ExpandedNodeId,
        [typeof(StatusCode)] = BuiltInType.StatusCode,
        [typeof(QualifiedName)] = BuiltInType.QualifiedName,
        [typeof(LocalizedText)] = BuiltInType.LocalizedText,
        [typeof(ExtensionObject)] = BuiltInType.ExtensionObject,
        [typeof(DataValue)] = BuiltInType.DataValue,
        [typeof(Variant)] = BuiltInType.Variant,
        [typeof(DiagnosticInfo)] = BuiltInType.DiagnosticInfo,
    };

    private static readonly Dictionary<BuiltInType, Type> ByBuiltIn =
        ByType.ToDictionary(static t => t.Value, static t => t.Key);

    /// <summary>The .NET type of an element of an array.</summary>
    public static Type ElementType(BuiltInType type) => ByBuiltIn[type];

    /// <exception cref="ArgumentException">The elements are of no built-in type.</exception>
    public static BuiltInType OfElements(Array elements)
    {
        // sbyte[] passes for byte[] by array covariance of the runtime, so the declared type decides, not a pattern.
        var type = elements.GetType().GetElementType()!;
        return ByType.TryGetValue(type, out var builtIn)
            ? builtIn
            : throw new ArgumentException($"an array of {type.Name} is no OPC UA value", nameof(elements));
    }
}
