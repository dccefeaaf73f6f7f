using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>The nodes by id: an open hash table of node references. Readers take no lock; the one writer at a time is
/// the space, under its lock.</summary>
/// <remarks>Chosen over ConcurrentDictionary because it finds a string id by its UTF-8 bytes where they lie in the
/// request, without making a string, and takes 16 bytes for a node instead of some 64.</remarks>
internal sealed class NodeTable
{
    /// <summary>Longest identifier that a node has (OPC 10000-3 §8.2.4).</summary>
    public const int LongestIdentifier = 4096;

    private const int FirstSize = 1024;
    private static readonly Node Gone = new ObjectNode(new NodeId(ushort.MaxValue, uint.MaxValue), "removed");
    private Node?[] slots = new Node?[FirstSize];
    private int used; // the places of removed nodes included

    public int Count { get; private set; }

    public static int HashOf(in NodeId id)
    {
        switch (id.IdType)
        {
            case IdType.Numeric:
                return HashOf(id.NamespaceIndex, id.Number);
            case IdType.String:
                Span<byte> utf8 = stackalloc byte[512];
                return id.Text!.Length <= utf8.Length / 3
                    ? HashOf(id.NamespaceIndex, utf8[..System.Text.Encoding.UTF8.GetBytes(id.Text, utf8)])
                    : HashOf(id.NamespaceIndex, System.Text.Encoding.UTF8.GetBytes(id.Text));
            default:
                return id.GetHashCode();
        }
    }

    public Node? Find(in NodeId id)
    {
        if (id.Text is { Length: > LongestIdentifier } || id.Opaque is { Length: > LongestIdentifier })
        {
            return null;
        }

        var table = Volatile.Read(ref slots);
        for (var i = HashOf(id) & (table.Length - 1); ; i = (i + 1) & (table.Length - 1))
        {
            var node = Volatile.Read(ref table[i]);
            if (node is null || node.Id == id)
            {
                return node;
            }
        }
    }

    public Node? Find(ushort namespaceIndex, uint number)
    {
        var table = Volatile.Read(ref slots);
        for (var i = HashOf(namespaceIndex, number) & (table.Length - 1); ; i = (i + 1) & (table.Length - 1))
        {
            var node = Volatile.Read(ref table[i]);
            if (node is null || (node.Id.IdType == IdType.Numeric && node.Id.Number == number
                && node.Id.NamespaceIndex == namespaceIndex))
            {
                return node;
            }
        }
    }

    /// <summary>Finds a string id by its UTF-8 bytes.</summary>
    public Node? Find(ushort namespaceIndex, ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestIdentifier)
        {
            return null;
        }

        var hash = HashOf(namespaceIndex, utf8);
        var table = Volatile.Read(ref slots);
        for (var i = hash & (table.Length - 1); ; i = (i + 1) & (table.Length - 1))
        {
            var node = Volatile.Read(ref table[i]);
            if (node is null || (node.Hash == hash && IsText(node, namespaceIndex, utf8)))
            {
                return node;
            }
        }
    }

    /// <summary>Reads a node id (OPC 10000-6 §5.2.2.9) and finds its node, without making the id where it can be
    /// helped.</summary>
    public Node? Read(ref UaReader reader)
    {
        switch (reader.PeekByte())
        {
            case 0:
                reader.Skip(1);
                return Find(0, reader.ReadByte());
            case 1:
                reader.Skip(1);
                return Find(reader.ReadByte(), reader.ReadUInt16());
            case 2:
                reader.Skip(1);
                return Find(reader.ReadUInt16(), reader.ReadUInt32());
            case 3:
                reader.Skip(1);
                return Find(reader.ReadUInt16(), reader.ReadBytesInPlace());
            default:
                return Find(reader.ReadNodeId());
        }
    }

    /// <returns>False when there is a node with that id already.</returns>
    public bool TryAdd(Node node)
    {
        if (Find(node.Id) is not null)
        {
            return false;
        }

        if (used >= slots.Length * 6L / 10)
        {
            Resize();
        }

        Place(slots, node);
        used++;
        Count++;
        return true;
    }

    public void Remove(Node node)
    {
        for (var i = node.Hash & (slots.Length - 1); slots[i] is not null; i = (i + 1) & (slots.Length - 1))
        {
            if (ReferenceEquals(slots[i], node))
            {
                Volatile.Write(ref slots[i], Gone);
                Count--;
                return;
            }
        }
    }

    /// <summary>All nodes, in no order.</summary>
    public IEnumerable<Node> All()
    {
        var table = Volatile.Read(ref slots);
        foreach (var node in table)
        {
            if (node is not null && !ReferenceEquals(node, Gone))
            {
                yield return node;
            }
        }
    }

    private static void Place(Node?[] table, Node node)
    {
        var i = node.Hash & (table.Length - 1);
        while (table[i] is not null)
        {
            i = (i + 1) & (table.Length - 1);
        }

        Volatile.Write(ref table[i], node);
    }

    private static bool IsText(Node node, ushort namespaceIndex, ReadOnlySpan<byte> utf8)
    {
        var text = node.Id.Text;
        if (text is null || node.Id.NamespaceIndex != namespaceIndex)
        {
            return false;
        }

        // Nearly all ids are ASCII, and that is compared where it lies.
        return text.Length == utf8.Length ? Ascii.Equals(utf8, text) || Same(utf8, text) : Same(utf8, text);
    }

    private static bool Same(ReadOnlySpan<byte> utf8, string text) =>
        !Ascii.IsValid(utf8)
            && string.Equals(System.Text.Encoding.UTF8.GetString(utf8), text, StringComparison.Ordinal);

    private static int HashOf(ushort namespaceIndex, uint number) =>
        Mix((((ulong)namespaceIndex << 32) | number) * 0x9E37_79B9_7F4A_7C15);

    private static int HashOf(ushort namespaceIndex, ReadOnlySpan<byte> utf8)
    {
        var hash = ((ulong)namespaceIndex << 32) ^ (ulong)utf8.Length;
        while (utf8.Length >= 8)
        {
            hash = (hash ^ BinaryPrimitives.ReadUInt64LittleEndian(utf8)) * 0x9E37_79B9_7F4A_7C15;
            hash ^= hash >> 29;
            utf8 = utf8[8..];
        }

        foreach (var b in utf8)
        {
            hash = (hash ^ b) * 0x0000_0100_0000_01B3;
        }

        return Mix(hash * 0x9E37_79B9_7F4A_7C15);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Mix(ulong hash) => (int)(hash >> 32) ^ (int)(hash >> 47);

    private void Resize()
    {
        var size = slots.Length;
        while (Count >= size * 4L / 10)
        {
            size *= 2;
        }

        var table = new Node?[size];
        foreach (var node in slots)
        {
            if (node is not null && !ReferenceEquals(node, Gone))
            {
                Place(table, node);
            }
        }

        Volatile.Write(ref slots, table);
        used = Count;
    }
}
