using System.Runtime.InteropServices;

namespace EdgeTwin.Prediction.Onnx;

/// <summary>
/// Builds an ONNX model of standard operators, opset 17 (IR version 8). Each <c>Node</c> call returns the name of its
/// output, so a graph reads like the formula that it computes. Field numbers are those of <c>onnx.proto</c>.
/// </summary>
internal sealed class OnnxModelWriter(string name)
{
    private const long IrVersion = 8;
    private const long Opset = 17;

    private readonly ProtobufWriter nodes = new();
    private readonly ProtobufWriter weights = new();
    private readonly ProtobufWriter inputs = new();
    private readonly ProtobufWriter outputs = new();
    private readonly ProtobufWriter metadata = new();
    private int nodeCount;
    private int weightCount;

    public string Input(string input, TensorType type, params ReadOnlySpan<long> shape)
    {
        inputs.Message(11, ValueInfo(input, type, shape)); // GraphProto.input
        return input;
    }

    public void Output(string output, TensorType type, params ReadOnlySpan<long> shape) =>
        outputs.Message(12, ValueInfo(output, type, shape)); // GraphProto.output

    public void Metadata(string key, string value) =>
        metadata.Message(14, new ProtobufWriter().Text(1, key).Text(2, value)); // ModelProto.metadata_props

    /// <summary>A constant of 64-bit floats.</summary>
    public string Weights(ReadOnlySpan<double> values, params ReadOnlySpan<long> shape) =>
        Weights(TensorType.Float64, MemoryMarshal.AsBytes(values), shape);

    /// <summary>A constant of 64-bit integers, such as the axes of a sum.</summary>
    public string Weights(ReadOnlySpan<long> values) =>
        Weights(TensorType.Int64, MemoryMarshal.AsBytes(values), [values.Length]);

    public string Node(string op, params ReadOnlySpan<string> operands) => Add(op, null, operands, null);

    /// <summary>A node with integer attributes, each a single number or a list.</summary>
    public string Node(string op, ReadOnlySpan<string> operands, params OnnxAttribute[] attributes) =>
        Add(op, null, operands, attributes);

    /// <summary>A node whose result is an output of the graph.</summary>
    public void Result(string output, string op, params ReadOnlySpan<string> operands) =>
        Add(op, output, operands, null);

    public ReadOnlyMemory<byte> ToBytes(string producer, string version)
    {
        var graph = new ProtobufWriter();
        var body = new List<byte>();
        body.AddRange(nodes.Written.Span);
        body.AddRange(graph.Text(2, name).Written.Span); // GraphProto.name
        body.AddRange(weights.Written.Span);
        body.AddRange(inputs.Written.Span);
        body.AddRange(outputs.Written.Span);
        var model = new ProtobufWriter()
            .Int64(1, IrVersion)                                        // ModelProto.ir_version
            .Text(2, producer)                                          // ModelProto.producer_name
            .Text(3, version)                                           // ModelProto.producer_version
            .Bytes(7, CollectionsMarshal.AsSpan(body))                  // ModelProto.graph
            .Message(8, new ProtobufWriter().Text(1, "").Int64(2, Opset)); // ModelProto.opset_import
        return (byte[])[.. model.Written.Span, .. metadata.Written.Span];
    }

    private string Add(string op, string? output, ReadOnlySpan<string> operands, OnnxAttribute[]? attributes)
    {
        output ??= $"{op}_{nodeCount}";
        var node = new ProtobufWriter();
        foreach (var operand in operands) node.Text(1, operand);        // NodeProto.input
        node.Text(2, output).Text(3, $"node_{nodeCount++}").Text(4, op); // output, name, op_type
        foreach (var attribute in attributes ?? []) node.Message(5, Encode(attribute)); // NodeProto.attribute
        nodes.Message(1, node);                                         // GraphProto.node
        return output;
    }

    private static ProtobufWriter Encode(OnnxAttribute attribute)
    {
        const long isInt = 2;  // AttributeProto.AttributeType
        const long isInts = 7;
        var writer = new ProtobufWriter().Text(1, attribute.Name);      // AttributeProto.name
        if (attribute.List is null) return writer.Int64(3, attribute.Value).Int64(20, isInt); // i, type
        foreach (var value in attribute.List) writer.Int64(8, value);   // AttributeProto.ints
        return writer.Int64(20, isInts);
    }

    private string Weights(TensorType type, ReadOnlySpan<byte> raw, ReadOnlySpan<long> shape)
    {
        var weight = $"w_{weightCount++}";
        var tensor = new ProtobufWriter();
        foreach (var dimension in shape) tensor.Int64(1, dimension);    // TensorProto.dims
        tensor.Int64(2, (long)type).Text(8, weight).Bytes(9, raw);      // data_type, name, raw_data (little-endian)
        weights.Message(5, tensor);                                     // GraphProto.initializer
        return weight;
    }

    private static ProtobufWriter ValueInfo(string tensor, TensorType type, ReadOnlySpan<long> shape)
    {
        var dimensions = new ProtobufWriter();
        foreach (var size in shape) dimensions.Message(1, new ProtobufWriter().Int64(1, size)); // dim_value
        var tensorType = new ProtobufWriter().Int64(1, (long)type).Message(2, dimensions); // elem_type, shape
        return new ProtobufWriter().Text(1, tensor).Message(2, new ProtobufWriter().Message(1, tensorType));
    }
}
