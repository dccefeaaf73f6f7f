using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.NodeSets;

/// <summary>Reads the compact form; see <see cref="NodeSetFormat"/>.</summary>
internal ref struct NodeSetReader
{
    private readonly byte[] file;
    private NodeSetBytes bytes;
    private string[] uris;
    private RolePermissionType[][] permissions;
    private NodeId[] referenceTypes;

    private NodeSetReader(byte[] file)
    {
        this.file = file;
        bytes = new NodeSetBytes(file);
        uris = [];
        permissions = [];
        referenceTypes = [];
    }

    /// <summary>Reads a nodeset.</summary>
    /// <param name="stream">The compressed file.</param>
    /// <param name="namespaceIndex">Gives the index of a namespace, and adds it when it is new; not asked for namespace
    /// 0.</param>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static NodeSet Read(Stream stream, Func<string, ushort> namespaceIndex)
    {
        var compressed = new byte[stream.Length];
        stream.ReadExactly(compressed);
        if (compressed.Length < sizeof(int)) throw NodeSetBytes.Damaged();
        var length = BinaryPrimitives.ReadInt32LittleEndian(compressed);
        if (length is < 0 or > NodeSetFormat.LongestFile) throw NodeSetBytes.Damaged();
        var content = new byte[length];
        if (!BrotliDecoder.TryDecompress(compressed.AsSpan(sizeof(int)), content, out var written) || written != length)
            throw NodeSetBytes.Damaged();
        return new NodeSetReader(content).Read(namespaceIndex);
    }

    private NodeSet Read(Func<string, ushort> namespaceIndex)
    {
        if (!bytes.ReadRaw(NodeSetFormat.Magic.Length).SequenceEqual(NodeSetFormat.Magic)
            || bytes.ReadByte() != NodeSetFormat.Version) throw NodeSetBytes.Damaged();
        bytes.ReadStrings();
        ReadNamespaces(namespaceIndex);
        var models = ReadModels();
        var required = ReadModels();
        ReadPermissions();
        referenceTypes = new NodeId[bytes.ReadCount()];
        for (var i = 0; i < referenceTypes.Length; i++) referenceTypes[i] = bytes.ReadNodeId();
        var nodes = new NodeRecord[bytes.ReadCount()];
        for (var i = 0; i < nodes.Length; i++) nodes[i] = ReadNode();
        if (!bytes.IsAtEnd) throw NodeSetBytes.Damaged();
        return new NodeSet { Models = models, RequiredModels = required, NamespaceUris = uris, Nodes = nodes };
    }

    private void ReadNamespaces(Func<string, ushort> namespaceIndex)
    {
        uris = new string[bytes.ReadCount()];
        var indexes = new ushort[uris.Length];
        for (var i = 0; i < uris.Length; i++)
        {
            uris[i] = bytes.ReadString() ?? throw NodeSetBytes.Damaged();
            if (i > 0) indexes[i] = namespaceIndex(uris[i]);
        }

        bytes.UseNamespaces(indexes);
    }

    private NodeSetModel[] ReadModels()
    {
        var models = new NodeSetModel[bytes.ReadCount()];
        for (var i = 0; i < models.Length; i++)
        {
            models[i] = new NodeSetModel(bytes.ReadString() ?? "", bytes.ReadString(),
                new DateTime((long)bytes.ReadNumber(), DateTimeKind.Utc));
        }

        return models;
    }

    private void ReadPermissions()
    {
        permissions = new RolePermissionType[bytes.ReadCount()][];
        for (var i = 0; i < permissions.Length; i++)
        {
            permissions[i] = new RolePermissionType[bytes.ReadCount()];
            for (var j = 0; j < permissions[i].Length; j++)
            {
                permissions[i][j] = new RolePermissionType
                {
                    RoleId = bytes.ReadNodeId(),
                    Permissions = (PermissionType)bytes.ReadUInt32(),
                };
            }
        }
    }

    // Run thousands of times once, at start: nothing is gained by compiling them twice.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private NodeRecord ReadNode()
    {
        var nodeClass = (NodeClass)bytes.ReadNumber();
        var fields = (NodeSetFields)bytes.ReadUInt32();
        var nodeId = bytes.ReadNodeId();
        var browseName = new QualifiedName(bytes.ReadNamespace(), bytes.ReadString());
        var references = ReadReferences();

        // An initializer runs in the order of its lines, which is the order in the file.
        return new NodeRecord
        {
            NodeClass = nodeClass,
            NodeId = nodeId,
            BrowseName = browseName,
            References = references,
            IsAbstract = Has(NodeSetFields.IsAbstract),
            IsSymmetric = Has(NodeSetFields.IsSymmetric),
            ContainsNoLoops = Has(NodeSetFields.ContainsNoLoops),
            Historizing = Has(NodeSetFields.Historizing),
            Executable = !Has(NodeSetFields.NotExecutable),
            DisplayName = Has(NodeSetFields.DisplayName) ? bytes.ReadText() : new LocalizedText(browseName.Name),
            Description = Has(NodeSetFields.Description) ? bytes.ReadText() : default,
            WriteMask = Has(NodeSetFields.WriteMask) ? (AttributeWriteMask)bytes.ReadUInt32() : default,
            RolePermissions = Has(NodeSetFields.RolePermissions) ? Permissions(bytes.ReadNumber()) : [],
            AccessRestrictions = Has(NodeSetFields.AccessRestrictions)
                ? (AccessRestrictionType)bytes.ReadUInt32()
                : null,
            InverseName = Has(NodeSetFields.InverseName) ? bytes.ReadText() : default,
            EventNotifier = Has(NodeSetFields.EventNotifier) ? (EventNotifierType)bytes.ReadUInt32() : default,
            DataType = Has(NodeSetFields.DataType) ? bytes.ReadNodeId() : NodeIds.BaseDataType,
            ValueRank = Has(NodeSetFields.ValueRank) ? (int)bytes.ReadSigned() : -1,
            ArrayDimensions = Has(NodeSetFields.ArrayDimensions) ? bytes.ReadNumbers() : [],
            AccessLevel = Has(NodeSetFields.AccessLevel)
                ? (AccessLevelExType)bytes.ReadUInt32()
                : AccessLevelExType.CurrentRead,
            MinimumSamplingInterval = Has(NodeSetFields.MinimumSamplingInterval) ? bytes.ReadDouble() : 0,
            MethodDeclarationId = Has(NodeSetFields.MethodDeclarationId) ? bytes.ReadNodeId() : NodeId.Null,
            Definition = Has(NodeSetFields.Structure) ? ReadStructure()
                : Has(NodeSetFields.Enumeration) ? ReadEnumeration() : null,
            EncodedValue = Has(NodeSetFields.Value) ? ReadValue() : default,
        };

        bool Has(NodeSetFields field) => (fields & field) != NodeSetFields.None;
    }

    private readonly RolePermissionType[] Permissions(ulong index) =>
        index < (ulong)permissions.Length ? permissions[index] : throw NodeSetBytes.Damaged();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private NodeReference[] ReadReferences()
    {
        var references = new NodeReference[bytes.ReadCount()];
        for (var i = 0; i < references.Length; i++)
        {
            var head = bytes.ReadNumber();
            if (head >> 1 >= (ulong)referenceTypes.Length) throw NodeSetBytes.Damaged();
            references[i] = new NodeReference(referenceTypes[head >> 1], (head & 1) != 0, bytes.ReadNodeId());
        }

        return references;
    }

    private StructureDefinition ReadStructure()
    {
        var encodingId = bytes.ReadNodeId();
        var baseType = bytes.ReadNodeId();
        var type = (StructureType)bytes.ReadUInt32();
        var fields = new StructureField[bytes.ReadCount()];
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = new StructureField
            {
                Name = bytes.ReadString(),
                Description = bytes.ReadText(),
                DataType = bytes.ReadNodeId(),
                ValueRank = (int)bytes.ReadSigned(),
                ArrayDimensions = bytes.ReadNumbers(),
                MaxStringLength = bytes.ReadUInt32(),
                IsOptional = bytes.ReadNumber() != 0,
            };
        }

        return new StructureDefinition
        {
            DefaultEncodingId = encodingId,
            BaseDataType = baseType,
            StructureType = type,
            Fields = fields,
        };
    }

    private EnumDefinition ReadEnumeration()
    {
        var fields = new EnumField[bytes.ReadCount()];
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = new EnumField
            {
                Name = bytes.ReadString(),
                Value = bytes.ReadSigned(),
                DisplayName = bytes.ReadText(),
                Description = bytes.ReadText(),
            };
        }

        return new EnumDefinition { Fields = fields };
    }

    // The file is this reader's own copy, so that the value stays where it is, with the indexes replaced.
    private ReadOnlyMemory<byte> ReadValue()
    {
        var length = bytes.ReadCount();
        var positions = bytes.ReadNumbers();
        var start = bytes.Position;
        bytes.ReadRaw(length);
        foreach (var position in positions)
        {
            if (position > length - sizeof(ushort)) throw NodeSetBytes.Damaged();
            var index = file.AsSpan(start + (int)position, sizeof(ushort));
            var local = BinaryPrimitives.ReadUInt16LittleEndian(index);
            BinaryPrimitives.WriteUInt16LittleEndian(index, bytes.Namespace(local));
        }

        return file.AsMemory(start, length);
    }
}
