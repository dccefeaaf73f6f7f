using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace EdgeTwin.OpcUa.Types;

/// <summary>Identifies a node: a namespace index and a number, a string, a Guid or opaque bytes (OPC 10000-3
/// §8.2).</summary>
public readonly struct NodeId : IEquatable<NodeId>
{
    // A Guid is boxed: it is the rarest kind, and the struct stays at 16 bytes.
    private readonly object? identifier;

    /// <summary>The null node id: namespace 0, number 0.</summary>
    public static NodeId Null => default;

    /// <summary>An id of its kind in a namespace.</summary>
    public NodeId(ushort namespaceIndex, uint number)
    {
        NamespaceIndex = namespaceIndex;
        Number = number;
        IdType = IdType.Numeric;
    }

    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public NodeId(ushort namespaceIndex, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        NamespaceIndex = namespaceIndex;
        IdType = IdType.String;
        identifier = text;
    }

    /// <summary>An id of its kind in a namespace.</summary>
    public NodeId(ushort namespaceIndex, Guid guid)
    {
        NamespaceIndex = namespaceIndex;
        IdType = IdType.Guid;
        identifier = guid;
    }

    /// <exception cref="ArgumentNullException"><paramref name="opaque"/> is null.</exception>
    public NodeId(ushort namespaceIndex, byte[] opaque)
    {
        ArgumentNullException.ThrowIfNull(opaque);
        NamespaceIndex = namespaceIndex;
        IdType = IdType.Opaque;
        identifier = opaque;
    }

    /// <summary>Index into the server's NamespaceArray.</summary>
    public ushort NamespaceIndex { get; }

    /// <summary>Which of the identifiers is set.</summary>
    public IdType IdType { get; }

    /// <summary>The number of a numeric id; 0 otherwise.</summary>
    public uint Number { get; }

    /// <summary>The text of a string id; null otherwise.</summary>
    public string? Text => identifier as string;

    /// <summary>The Guid of a Guid id; empty otherwise.</summary>
    public Guid Guid => identifier is Guid guid ? guid : default;

    /// <summary>The bytes of an opaque id; null otherwise. Not to be changed.</summary>
    public byte[]? Opaque => identifier as byte[];

    /// <summary>True for every null of OPC 10000-3 §8.2.4: number 0, an empty string, Guid or byte string, in
    /// namespace 0.</summary>
    public bool IsNull => NamespaceIndex == 0 && IdType switch
    {
        IdType.Numeric => Number == 0,
        IdType.String => Text!.Length == 0,
        IdType.Guid => Guid == default,
        _ => Opaque!.Length == 0,
    };

    /// <summary>A number in namespace 0.</summary>
    public static implicit operator NodeId(uint number) => new(0, number);

    /// <summary>Whether both identify the same node.</summary>
    public static bool operator ==(in NodeId left, in NodeId right) => left.Equals(right);

    /// <summary>Whether they identify different nodes.</summary>
    public static bool operator !=(in NodeId left, in NodeId right) => !left.Equals(right);

    /// <summary>The same identifier under another namespace index.</summary>
    public NodeId WithNamespace(ushort namespaceIndex) => IdType switch
    {
        IdType.Numeric => new(namespaceIndex, Number),
        IdType.String => new(namespaceIndex, Text!),
        IdType.Guid => new(namespaceIndex, Guid),
        _ => new(namespaceIndex, Opaque!),
    };

    /// <summary>Whether both identify the same node.</summary>
    public bool Equals(NodeId other)
    {
        if (NamespaceIndex != other.NamespaceIndex || IdType != other.IdType || Number != other.Number)
        {
            return false;
        }

        return IdType switch
        {
            IdType.Numeric => true,
            IdType.String => string.Equals(Text, other.Text, StringComparison.Ordinal),
            IdType.Guid => Guid == other.Guid,
            _ => Opaque.AsSpan().SequenceEqual(other.Opaque),
        };
    }

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is NodeId other && Equals(other);

    public override int GetHashCode()
    {
        switch (IdType)
        {
            case IdType.Numeric:
                return (int)(Number * 0x9E37_79B1u) ^ NamespaceIndex;
            case IdType.Opaque:
                var hash = new HashCode();
                hash.AddBytes(Opaque);
                return hash.ToHashCode() ^ NamespaceIndex;
            default:
                return identifier!.GetHashCode() ^ NamespaceIndex;
        }
    }

    /// <summary>Reads the notation of OPC 10000-6 §5.3.1.10: <c>ns=2;s=Pump/flow</c>, <c>i=2258</c>, <c>ns=1;g=…</c>,
    /// <c>ns=1;b=base64</c>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out NodeId nodeId)
    {
        nodeId = default;
        if (text is null)
        {
            return false;
        }

        ushort namespaceIndex = 0;
        var rest = text;
        if (rest.StartsWith("ns=", StringComparison.Ordinal))
        {
            var end = rest.IndexOf(';', StringComparison.Ordinal);
            if (end < 0 || !ushort.TryParse(rest.AsSpan(3, end - 3), NumberStyles.None, CultureInfo.InvariantCulture,
                    out namespaceIndex))
            {
                return false;
            }

            rest = rest[(end + 1)..];
        }

        return TryParseIdentifier(rest, namespaceIndex, out nodeId);
    }

    /// <summary>Reads the notation of OPC 10000-6 §5.3.1.10.</summary>
    /// <exception cref="FormatException">The text is no node id.</exception>
    public static NodeId Parse(string text) => TryParse(text, out var nodeId)
        ? nodeId
        : throw new FormatException($"'{text}' is no node id; write ns=2;s=name, i=2258, ns=1;g=guid or ns=1;b=base64");

    /// <summary>Reads the part after the namespace: <c>s=name</c>, <c>i=7</c>, <c>g=…</c>, <c>b=…</c>.</summary>
    public static bool TryParseIdentifier(string rest, ushort namespaceIndex, out NodeId nodeId)
    {
        nodeId = default;
        if (rest.Length < 2 || rest[1] != '=')
        {
            return false;
        }

        var value = rest[2..];
        switch (rest[0])
        {
            case 'i' when uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number):
                nodeId = new NodeId(namespaceIndex, number);
                return true;
            case 's':
                nodeId = new NodeId(namespaceIndex, value);
                return true;
            case 'g' when Guid.TryParseExact(value, "D", out var guid):
                nodeId = new NodeId(namespaceIndex, guid);
                return true;
            case 'b':
                var bytes = new byte[value.Length];
                if (!Convert.TryFromBase64String(value, bytes, out var written))
                {
                    return false;
                }

                nodeId = new NodeId(namespaceIndex, bytes[..written]);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The notation that <see cref="Parse"/> reads.</summary>
    public override string ToString()
    {
        var notation = IdType switch
        {
            IdType.Numeric => string.Create(CultureInfo.InvariantCulture, $"i={Number}"),
            IdType.String => $"s={Text}",
            IdType.Guid => $"g={Guid:D}",
            _ => $"b={Convert.ToBase64String(Opaque!)}",
        };
        return NamespaceIndex == 0
            ? notation
            : string.Create(CultureInfo.InvariantCulture, $"ns={NamespaceIndex};{notation}");
    }
}
