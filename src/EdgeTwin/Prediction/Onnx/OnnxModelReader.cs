namespace EdgeTwin.Prediction.Onnx;

/// <summary>
/// Reads the outside of an ONNX file: inputs, outputs, metadata. Field numbers are those of <c>onnx.proto</c>
/// (github.com/onnx/onnx), named in the comments. Nodes and weights are skipped, so the cost does not grow with them.
/// </summary>
internal static class OnnxModelReader
{
    private const int MostTensors = 1024;
    private const int MostDimensions = 16;
    private const int MostMetadata = 256;
    private const int ExternalData = 1;

    /// <exception cref="ModelException">The bytes are not an ONNX model, or it keeps its weights in other
    /// files.</exception>
    public static OnnxModelInfo Read(ReadOnlySpan<byte> bytes)
    {
        long irVersion = 0;
        var producer = "";
        List<TensorInfo> inputs = [];
        List<TensorInfo> outputs = [];
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var hasGraph = false;
        var reader = new ProtobufReader(bytes);
        while (reader.ReadTag())
        {
            switch (reader.Field)
            {
                case 1: irVersion = reader.ReadInt64(); break;       // ModelProto.ir_version
                case 2: producer = reader.ReadString(); break;       // ModelProto.producer_name
                case 7:                                              // ModelProto.graph
                    hasGraph = true;
                    ReadGraph(reader.ReadBytes(), inputs, outputs);
                    break;
                case 14: AddMetadata(reader.ReadBytes(), metadata); break; // ModelProto.metadata_props
                default: reader.Skip(); break;
            }
        }

        if (!hasGraph) throw new ModelException("not an ONNX file: it has no graph");
        return new OnnxModelInfo
        {
            IrVersion = irVersion,
            Producer = producer,
            Inputs = inputs,
            Outputs = outputs,
            Metadata = metadata,
        };
    }

    private static void ReadGraph(ReadOnlySpan<byte> bytes, List<TensorInfo> inputs, List<TensorInfo> outputs)
    {
        var weights = new HashSet<string>(StringComparer.Ordinal);
        var reader = new ProtobufReader(bytes);
        while (reader.ReadTag())
        {
            switch (reader.Field)
            {
                case 5: weights.Add(ReadWeight(reader.ReadBytes())); break;  // GraphProto.initializer
                case 11: AddTensor(reader.ReadBytes(), inputs); break;       // GraphProto.input
                case 12: AddTensor(reader.ReadBytes(), outputs); break;      // GraphProto.output
                default: reader.Skip(); break;
            }
        }

        // Before IR version 4 every weight is listed as an input too.
        inputs.RemoveAll(input => weights.Contains(input.Name));
    }

    private static string ReadWeight(ReadOnlySpan<byte> bytes)
    {
        var name = "";
        var reader = new ProtobufReader(bytes);
        while (reader.ReadTag())
        {
            if (reader.Field == 8) name = reader.ReadString();            // TensorProto.name
            else if (reader.Field == 14 && reader.ReadInt64() == ExternalData) // TensorProto.data_location
                throw new ModelException(
                    $"weight '{name}' lies in another file; save the model with its weights inside (external data "
                        + $"off)");
            else if (reader.Field != 14) reader.Skip();
        }

        return name;
    }

    private static void AddTensor(ReadOnlySpan<byte> bytes, List<TensorInfo> tensors)
    {
        if (tensors.Count == MostTensors) throw new ModelException(
            $"the graph has more than {MostTensors} inputs or outputs");
        var name = "";
        var type = TensorType.Unknown;
        List<long> shape = [];
        var reader = new ProtobufReader(bytes);
        while (reader.ReadTag())
        {
            if (reader.Field == 1) name = reader.ReadString();            // ValueInfoProto.name
            else if (reader.Field == 2) type = ReadType(reader.ReadBytes(), shape); // ValueInfoProto.type
            else reader.Skip();
        }

        tensors.Add(new TensorInfo(name, type, shape));
    }

    private static TensorType ReadType(ReadOnlySpan<byte> bytes, List<long> shape)
    {
        var type = TensorType.Unknown;
        var reader = new ProtobufReader(bytes);
        while (reader.ReadTag())
        {
            if (reader.Field != 1) // TypeProto.tensor_type
            {
                reader.Skip();
                continue;
            }

            var tensor = new ProtobufReader(reader.ReadBytes());
            while (tensor.ReadTag())
            {
                if (tensor.Field == 1) type = (TensorType)tensor.ReadInt64();  // TypeProto.Tensor.elem_type
                else if (tensor.Field == 2) ReadShape(tensor.ReadBytes(), shape); // TypeProto.Tensor.shape
                else tensor.Skip();
            }
        }

        return Enum.IsDefined(type) ? type : TensorType.Unknown;
    }

    private static void ReadShape(ReadOnlySpan<byte> bytes, List<long> shape)
    {
        var reader = new ProtobufReader(bytes);
        while (reader.ReadTag())
        {
            if (reader.Field != 1) // TensorShapeProto.dim
            {
                reader.Skip();
                continue;
            }

            if (shape.Count == MostDimensions) throw new ModelException(
                $"a tensor has more than {MostDimensions} dimensions");
            var size = -1L;
            var dimension = new ProtobufReader(reader.ReadBytes());
            while (dimension.ReadTag())
            {
                if (dimension.Field == 1) size = dimension.ReadInt64(); // Dimension.dim_value
                else dimension.Skip();
            }

            shape.Add(size);
        }
    }

    private static void AddMetadata(ReadOnlySpan<byte> bytes, Dictionary<string, string> metadata)
    {
        if (metadata.Count == MostMetadata) throw new ModelException(
            $"the file has more than {MostMetadata} metadata entries");
        var key = "";
        var value = "";
        var reader = new ProtobufReader(bytes);
        while (reader.ReadTag())
        {
            if (reader.Field == 1) key = reader.ReadString();        // StringStringEntryProto.key
            else if (reader.Field == 2) value = reader.ReadString(); // StringStringEntryProto.value
            else reader.Skip();
        }

        metadata[key] = value;
    }
}
