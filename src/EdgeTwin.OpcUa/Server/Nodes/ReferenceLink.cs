using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>Makes references, seen from both ends. Used under the lock of the space.</summary>
internal static class ReferenceLink
{
    /// <summary>Makes a reference at both ends.</summary>
    /// <returns>False when it was there already.</returns>
    public static bool Make(Node source, ReferenceTypeNode type, Node target)
    {
        // Of the two ends the target has few references: a folder of 10,000 is not searched for every one that is
        // added.
        var keepsInverse = KeepsInverse(type);
        if (keepsInverse ? target.HasReference(type.Inverse, source) : source.HasReference(type.Forward, target))
        {
            return false;
        }

        source.AddReference(type.Forward, target);
        if (keepsInverse)
        {
            target.AddReference(type.Inverse, source);
        }

        if (type.Id == NodeIds.HasSubtype && target is TypeNode subtype && source is TypeNode super
            && !super.IsOrRefines(subtype))
        {
            subtype.SuperType = super;
        }

        return true;
    }

    // A type does not list its thousands of instances: servers may leave these out (OPC 10000-3 §7.13, §7.12).
    private static bool KeepsInverse(ReferenceTypeNode type) =>
        type.Id != NodeIds.HasTypeDefinition && type.Id != NodeIds.HasModellingRule;
}
