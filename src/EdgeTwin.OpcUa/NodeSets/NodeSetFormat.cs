namespace EdgeTwin.OpcUa.NodeSets;

/// <summary>
/// The compact form of a nodeset, which the build makes of NodeSet2 files and embeds: an Int32 (little-endian) with the
/// length, then, compressed with Brotli:
/// <code>
/// file        magic "UANS", version byte, strings, namespaces, models, models (required), permissions, types, nodes
/// n           unsigned LEB128           z   n, zig-zag (signed)        f64   8 bytes, little-endian
/// s           n: 0 null, else index + 1 into the strings
/// id          n: namespace * 4 + kind; kind 0: n number, 1: s text, 2: 16 bytes Guid, 3: n length, bytes
/// text        s locale, s text
/// strings     n count; each n length, UTF-8
/// namespaces  n count; each s URI; namespace indexes in this file count into these, 0 is namespace 0
/// models      n count; each s URI, s version, n publication date (ticks)
/// permissions n count; each n entries; each id role, n permissions
/// types       n count; each id of a reference type
/// nodes       n count; each:
///   n class, n fields (bits as in NodeSetFields), id, n namespace of the browse name, s browse name, n count;
///   each a reference: n type * 2 + forward, id target; then what the bits say, in the order of the bits:
///   text DisplayName, text Description, n WriteMask, n permissions (index), n AccessRestrictions, text InverseName,
///   n EventNotifier, id DataType, z ValueRank, n count and n each ArrayDimensions, n AccessLevel, f64
///   MinimumSamplingInterval, id MethodDeclarationId, structure, enumeration, value
/// structure   id encoding, id base, n StructureType, n count; each s name, text description, id type, z rank,
///             n count and n each dimensions, n longest string, n optional
/// enumeration n count; each s name, z value, text display name, text description
/// value       n length, n count and n each of the positions of namespace indexes, the Variant in OPC UA Binary
/// </code>
/// A value's NodeIds and QualifiedNames of other namespaces than 0 have their index in two bytes at those positions, so
/// that it can be replaced by the server's in place.
/// </summary>
internal static class NodeSetFormat
{
    public const byte Version = 1;

    /// <summary>Most bytes of a file before compression.</summary>
    public const int LongestFile = 64 * 1024 * 1024;

    /// <summary>The first bytes.</summary>
    public static ReadOnlySpan<byte> Magic => "UANS"u8;
}
