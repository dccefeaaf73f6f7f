using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.DataTypes;

/// <summary>Goes through values for the structures in them.</summary>
internal static class StructureWalk
{
    private const int Deepest = 32;

    /// <summary>The value with its structures as far as their types are known; the value itself when none is.</summary>
    /// <exception cref="OpcUaException">BadEncodingLimitsExceeded: too deep, or too many structures.</exception>
    public static Variant Resolve(in Variant value, TypeDictionary types) => value.ToObject() switch
    {
        ExtensionObject one => types.Resolve(one, EncodingLimits.Default),
        ExtensionObject?[] some => Variant.Of(Resolve(some, types)),
        Matrix { Elements: ExtensionObject?[] some } matrix =>
            Variant.Of(new Matrix(Resolve(some, types), matrix.Dimensions)),
        _ => value,
    };

    /// <summary>The encoding ids of structures that are still bytes.</summary>
    public static HashSet<NodeId> Unknown(in Variant value)
    {
        var found = new HashSet<NodeId>();
        Collect(value, found, 0);
        return found;
    }

    private static ExtensionObject?[] Resolve(ExtensionObject?[] some, TypeDictionary types) =>
        Array.ConvertAll(some, one => types.Resolve(one, EncodingLimits.Default));

    private static void Collect(in Variant value, HashSet<NodeId> found, int depth)
    {
        if (value.Type is not (BuiltInType.ExtensionObject or BuiltInType.Variant) || depth == Deepest) return;
        switch (value.ToObject())
        {
            case ExtensionObject one:
                Collect(one, found, depth);
                break;
            case ExtensionObject?[] some:
                foreach (var one in some) Collect(one, found, depth);
                break;
            case Matrix { Elements: ExtensionObject?[] some }:
                foreach (var one in some) Collect(one, found, depth);
                break;
        }
    }

    private static void Collect(ExtensionObject? one, HashSet<NodeId> found, int depth)
    {
        switch (one?.Body)
        {
            case byte[]:
                found.Add(one.TypeId);
                break;
            case DynamicStructure structure:
                for (var i = 0; i < structure.Definition.Fields.Length; i++)
                    Collect(structure.Value(i), found, depth + 1);
                break;
        }
    }
}
