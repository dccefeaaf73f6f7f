using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Encoding;

/// <summary>Reads OPC UA Binary (OPC 10000-6 §5.2): the method names are the types. Every length is held against the
/// limits
/// and the bytes left before it is used; nesting has a depth.</summary>
/// <exception cref="OpcUaException">BadDecodingError or BadEncodingLimitsExceeded, by every method.</exception>
public ref struct UaReader
{
    private readonly ReadOnlySpan<byte> bytes;
    private int position;
    private int depth;

    /// <param name="bytes">One whole message or body.</param>
    /// <param name="limits">What is accepted.</param>
    public UaReader(ReadOnlySpan<byte> bytes, EncodingLimits limits)
    {
        this.bytes = bytes;
        Limits = limits;
    }

    /// <summary>What is accepted.</summary>
    public EncodingLimits Limits { get; }

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => position;

    /// <summary>Bytes left.</summary>
    public readonly int Remaining => bytes.Length - position;

    /// <summary>One Boolean.</summary>
    public bool ReadBoolean() => Take(1)[0] != 0;

    /// <summary>One SByte.</summary>
    public sbyte ReadSByte() => (sbyte)Take(1)[0];

    /// <summary>One Byte.</summary>
    public byte ReadByte() => Take(1)[0];

    /// <summary>One Int16.</summary>
    public short ReadInt16() => BinaryPrimitives.ReadInt16LittleEndian(Take(2));

    /// <summary>One UInt16.</summary>
    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    /// <summary>One Int32.</summary>
    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    /// <summary>One UInt32.</summary>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>One Int64.</summary>
    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    /// <summary>One UInt64.</summary>
    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>One Float.</summary>
    public float ReadFloat() => BinaryPrimitives.ReadSingleLittleEndian(Take(4));

    /// <summary>One Double.</summary>
    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    /// <summary>One DateTime.</summary>
    public DateTime ReadDateTime() => WireTime.ToDateTime(ReadInt64());

    /// <summary>One Guid.</summary>
    public Guid ReadGuid() => new(Take(16));

    /// <summary>One StatusCode.</summary>
    public StatusCode ReadStatusCode() => new(ReadUInt32());

    /// <summary>A string; null when the wire says so (length -1; other negative lengths count as null too).</summary>
    public string? ReadString()
    {
        var length = ReadInt32();
        return length < 0 ? null : Encoding8.GetString(TakeCounted(length, Limits.MaxStringLength, "a String"));
    }

    /// <summary>One ByteString.</summary>
    public byte[]? ReadByteString()
    {
        var length = ReadInt32();
        return length < 0 ? null : TakeCounted(length, Limits.MaxByteStringLength, "a ByteString").ToArray();
    }

    /// <summary>The bytes of a String or ByteString where they lie; empty when null.</summary>
    internal ReadOnlySpan<byte> ReadBytesInPlace()
    {
        var length = ReadInt32();
        return length < 0 ? default : TakeCounted(length, Limits.MaxByteStringLength, "a ByteString");
    }

    /// <summary>One String.</summary>
    public XmlElement? ReadXmlElement() => ReadString() is { } text ? new XmlElement(text) : null;

    /// <summary>A node id; the flags of an expanded one are an error here (OPC 10000-6 §5.2.2.9).</summary>
    public NodeId ReadNodeId() => ReadNodeId(ReadByte());

    /// <summary>An expanded node id (OPC 10000-6 §5.2.2.10).</summary>
    public ExpandedNodeId ReadExpandedNodeId()
    {
        var encoding = ReadByte();
        var nodeId = ReadNodeId((byte)(encoding & 0x3F));
        var uri = (encoding & 0x80) != 0 ? ReadString() : null;
        var server = (encoding & 0x40) != 0 ? ReadUInt32() : 0;
        return new ExpandedNodeId(nodeId, uri, server);
    }

    /// <summary>One String.</summary>
    public QualifiedName ReadQualifiedName() => new(ReadUInt16(), ReadString());

    /// <summary>One LocalizedText.</summary>
    public LocalizedText ReadLocalizedText()
    {
        var mask = ReadByte();
        return new LocalizedText((mask & 1) != 0 ? ReadString() : null, (mask & 2) != 0 ? ReadString() : null);
    }

    /// <summary>One Variant.</summary>
    public Variant ReadVariant() => VariantReader.Read(ref this);

    /// <summary>A data value (OPC 10000-6 §5.2.2.17).</summary>
    public DataValue ReadDataValue()
    {
        Enter();
        var mask = ReadByte();
        var value = (mask & 0x01) != 0 ? ReadVariant() : default;
        var status = (mask & 0x02) != 0 ? ReadStatusCode() : default;
        var source = (mask & 0x04) != 0 ? ReadDateTime() : default;
        var sourcePicoseconds = (mask & 0x10) != 0 ? Math.Min(ReadUInt16(), (ushort)9999) : (ushort)0;
        var server = (mask & 0x08) != 0 ? ReadDateTime() : default;
        var serverPicoseconds = (mask & 0x20) != 0 ? Math.Min(ReadUInt16(), (ushort)9999) : (ushort)0;
        Leave();
        return new DataValue(value, status, source, server)
        {
            SourcePicoseconds = sourcePicoseconds,
            ServerPicoseconds = serverPicoseconds,
        };
    }

    /// <summary>A diagnostic info; null when its mask is empty (OPC 10000-6 §5.2.2.12).</summary>
    public DiagnosticInfo? ReadDiagnosticInfo()
    {
        var mask = ReadByte();
        if (mask == 0)
        {
            return null;
        }

        Enter();
        var info = new DiagnosticInfo
        {
            SymbolicId = (mask & 0x01) != 0 ? ReadInt32() : null,
            NamespaceUri = (mask & 0x02) != 0 ? ReadInt32() : null,
            Locale = (mask & 0x08) != 0 ? ReadInt32() : null,
            LocalizedText = (mask & 0x04) != 0 ? ReadInt32() : null,
            AdditionalInfo = (mask & 0x10) != 0 ? ReadString() : null,
            InnerStatusCode = (mask & 0x20) != 0 ? ReadStatusCode() : null,
            InnerDiagnosticInfo = (mask & 0x40) != 0 ? ReadDiagnosticInfo() : null,
        };
        Leave();
        return info;
    }

    /// <summary>An extension object; null when type and body are absent. An unknown body is kept as bytes
    /// (§5.2.2.15).</summary>
    public ExtensionObject? ReadExtensionObject()
    {
        var typeId = ReadNodeId();
        switch (ReadByte())
        {
            case 0:
                return typeId.IsNull ? null : new ExtensionObject(typeId, null);
            case 1:
                return new ExtensionObject(typeId, ReadBody(typeId));
            case 2:
                return new ExtensionObject(typeId, ReadXmlElement());
            case var encoding:
                throw Error($"an extension object has body encoding {encoding}");
        }
    }

    /// <summary>Reads the count of an array: null and every negative one is -1; the elements must fit in what is
    /// left.</summary>
    /// <param name="leastElementSize">Fewest bytes that an element takes, 1 and up.</param>
    public int ReadArrayLength(int leastElementSize)
    {
        var length = ReadInt32();
        if (length <= 0)
        {
            return length < 0 ? -1 : 0;
        }

        if (length > Limits.MaxArrayLength)
        {
            throw new OpcUaException(StatusCodes.BadEncodingLimitsExceeded,
                $"an array of {length} elements; at most {Limits.MaxArrayLength} are accepted");
        }

        return (long)length * leastElementSize <= Remaining
            ? length
            : throw Error($"an array of {length} elements has {Remaining} bytes left for them");
    }

    /// <summary>Steps over bytes.</summary>
    public void Skip(int count) => Take(count);

    /// <summary>One level deeper; the caller leaves it again.</summary>
    internal void Enter()
    {
        if (++depth > Limits.MaxDepth)
        {
            throw new OpcUaException(StatusCodes.BadEncodingLimitsExceeded,
                $"the nesting is deeper than {Limits.MaxDepth}");
        }
    }

    internal void Leave() => depth--;

    /// <summary>The next byte, not read yet.</summary>
    internal readonly byte PeekByte()
    {
        if (Remaining == 0)
        {
            ThrowShort(1);
        }

        return bytes[position];
    }

    /// <summary>The next bytes where they lie.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)(bytes.Length - position))
        {
            ThrowShort(count);
        }

        var taken = bytes.Slice(position, count);
        position += count;
        return taken;
    }

    internal readonly OpcUaException Error(string what) =>
        new(StatusCodes.BadDecodingError, $"{what}, at byte {position} of {bytes.Length}");

    private NodeId ReadNodeId(byte encoding)
    {
        switch (encoding)
        {
            case 0:
                return new NodeId(0, ReadByte());
            case 1:
                return new NodeId(ReadByte(), ReadUInt16());
            case 2:
                return new NodeId(ReadUInt16(), ReadUInt32());
            case 3:
                return new NodeId(ReadUInt16(), ReadString() ?? "");
            case 4:
                return new NodeId(ReadUInt16(), ReadGuid());
            case 5:
                return new NodeId(ReadUInt16(), ReadByteString() ?? []);
            default:
                throw Error($"a node id has encoding {encoding}");
        }
    }

    private object ReadBody(in NodeId typeId)
    {
        var length = ReadInt32();
        var body = TakeCounted(length, Limits.MaxByteStringLength, "a structure");
        if (typeId.NamespaceIndex != 0 || typeId.IdType != IdType.Numeric)
        {
            return body.ToArray();
        }

        Enter();
        var reader = new UaReader(body, Limits) { depth = depth };
        var structure = StructureTable.Decode(typeId.Number, ref reader);
        Leave();
        if (structure is null)
        {
            return body.ToArray();
        }

        return reader.Remaining == 0
            ? structure
            : throw Error($"a {structure.GetType().Name} leaves {reader.Remaining} of its {length} bytes unread");
    }

    private ReadOnlySpan<byte> TakeCounted(int length, int limit, string what)
    {
        if (length < 0)
        {
            throw Error($"{what} has length {length}");
        }

        // Limits first: a length that nobody accepts is told as such even when its bytes are not there.
        return length <= limit
            ? Take(length)
            : throw new OpcUaException(StatusCodes.BadEncodingLimitsExceeded,
                $"{what} of {length} bytes; at most {limit} are accepted");
    }

    private readonly void ThrowShort(int count) => throw Error($"{count} bytes are needed, {Remaining} are left");

    private static UTF8Encoding Encoding8 { get; } = new(false, false);
}
