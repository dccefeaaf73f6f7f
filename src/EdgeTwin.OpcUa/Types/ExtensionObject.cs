namespace EdgeTwin.OpcUa.Types;

/// <summary>A structure with the id of its encoding (OPC 10000-6 §5.2.2.15). A body of an unknown type is kept as it
/// came.</summary>
public sealed class ExtensionObject
{
    /// <summary>A structure of namespace 0.</summary>
    public ExtensionObject(IStructure body)
    {
        ArgumentNullException.ThrowIfNull(body);
        TypeId = body.BinaryEncodingId;
        Body = body;
    }

    /// <param name="typeId">Node id of the encoding (not of the data type).</param>
    /// <param name="body"><see cref="IStructure"/>, the bytes of an unknown type, <see cref="XmlElement"/>, or
    /// null.</param>
    public ExtensionObject(NodeId typeId, object? body)
    {
        if (body is not (null or IStructure or byte[] or XmlElement))
        {
            throw new ArgumentException($"a {body.GetType().Name} is no body of an extension object", nameof(body));
        }

        TypeId = typeId;
        Body = body;
    }

    /// <summary>Node id of the encoding.</summary>
    public NodeId TypeId { get; }

    /// <summary><see cref="IStructure"/>, <c>byte[]</c> of an unknown type, <see cref="XmlElement"/>, or
    /// null.</summary>
    public object? Body { get; }

    /// <summary>The body when it is a <typeparamref name="T"/>, else null.</summary>
    public T? As<T>()
        where T : class, IStructure => Body as T;
}
