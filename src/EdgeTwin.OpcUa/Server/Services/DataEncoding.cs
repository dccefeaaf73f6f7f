using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Services;

/// <summary>The encoding that a client asks for structures (OPC 10000-4 §5.11.2, dataEncoding). Only binary is
/// spoken.</summary>
internal static class DataEncoding
{
    /// <summary>Good, BadDataEncodingUnsupported for one that exists, BadDataEncodingInvalid for the others.</summary>
    /// <param name="namespaceIndex">Namespace of the name.</param>
    /// <param name="name">The name in UTF-8; empty is the default.</param>
    /// <param name="attributeId">Only Value can be encoded in more than one way.</param>
    public static StatusCode Check(ushort namespaceIndex, ReadOnlySpan<byte> name, uint attributeId)
    {
        if (name.IsEmpty)
        {
            return StatusCodes.Good;
        }

        if (attributeId != AttributeIds.Value || namespaceIndex != 0)
        {
            return StatusCodes.BadDataEncodingInvalid;
        }

        if (name.SequenceEqual("Default Binary"u8))
        {
            return StatusCodes.Good;
        }

        return name.SequenceEqual("Default XML"u8) || name.SequenceEqual("Default JSON"u8)
            ? StatusCodes.BadDataEncodingUnsupported
            : StatusCodes.BadDataEncodingInvalid;
    }

    /// <summary>The same for a name that was read already.</summary>
    public static StatusCode Check(QualifiedName name, uint attributeId) =>
        Check(name.NamespaceIndex, System.Text.Encoding.UTF8.GetBytes(name.Name ?? ""), attributeId);
}
