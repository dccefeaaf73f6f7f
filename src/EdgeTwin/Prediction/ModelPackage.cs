using System.Security.Cryptography;
using EdgeTwin.Prediction.Onnx;

namespace EdgeTwin.Prediction;

/// <summary>
/// One <c>.onnx</c> file that explains itself: raw engineering units in, engineering units out, and a manifest. Opening
/// it reads and checks the manifest against the graph; it creates no session and loads no native library.
/// </summary>
internal sealed class ModelPackage
{
    /// <summary>Largest relative difference between the graph and the trainer's own numbers.</summary>
    public const double GoldenTolerance = 1e-5;

    private const long LargestBytes = 256L << 20;

    private ModelPackage(string path, ReadOnlyMemory<byte> bytes, ModelManifest manifest, OnnxModelInfo graph)
    {
        Path = path;
        Bytes = bytes;
        Manifest = manifest;
        Graph = graph;
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
    }

    /// <summary>Where it came from, for messages.</summary>
    public string Path { get; }

    /// <summary>The whole file.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    public ModelManifest Manifest { get; }

    public OnnxModelInfo Graph { get; }

    /// <summary>Of the file, in hexadecimal: the identity of the model.</summary>
    public string Sha256 { get; }

    /// <exception cref="ModelException">The file is missing, damaged, too large or has no usable manifest.</exception>
    public static ModelPackage Open(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) throw new ModelException(
                $"{path}: there is no such file; make one with 'edgetwin train'");
            if (file.Length > LargestBytes)
                throw new ModelException(
                    $"{path}: {file.Length} bytes are more than the {LargestBytes} that a package may have");
            return Load(path, File.ReadAllBytes(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path}: cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>The same from bytes; <paramref name="path"/> is for messages and for the sidecar.</summary>
    /// <exception cref="ModelException">As for <see cref="Open"/>.</exception>
    public static ModelPackage Load(string path, ReadOnlyMemory<byte> bytes)
    {
        var graph = Explain(path, () => OnnxModelReader.Read(bytes.Span));
        var manifest = graph.Metadata.TryGetValue(ModelManifest.MetadataKey, out var json)
            ? Explain(path, () => ManifestReader.Read(json))
            : Sidecar(path);
        return Explain(path, () =>
        {
            CheckAgainstGraph(manifest, graph);
            return new ModelPackage(path, bytes, manifest, graph);
        });
    }

    /// <summary>Runs the golden inputs through the graph.</summary>
    /// <exception cref="ModelException">An output differs by more than <see cref="GoldenTolerance"/>.</exception>
    public void VerifyGolden()
    {
        using var session = OnnxSession.Create(this);
        var outputs = new double[Manifest.Outputs.Count];
        for (var vector = 0; vector < Manifest.Golden.Count; vector++)
        {
            var golden = Manifest.Golden[vector];
            session.Run(golden.Input, outputs);
            for (var i = 0; i < outputs.Length; i++)
            {
                if (Agree(outputs[i], golden.Outputs[i])) continue;
                throw new ModelException(
                    $"{Path}: output '{Manifest.Outputs[i].Name}' is {outputs[i]:R} for golden input {vector}, not "
                    + $"{golden.Outputs[i]:R}; the graph does not compute what the trainer did, so train the model "
                    + $"again");
            }
        }
    }

    private static bool Agree(double actual, double expected) =>
        Math.Abs(actual - expected) <= GoldenTolerance * Math.Max(Math.Abs(expected), GoldenTolerance);

    private static ModelManifest Sidecar(string path)
    {
        var sidecar = System.IO.Path.ChangeExtension(path, ".yaml");
        if (!File.Exists(sidecar))
        {
            throw new ModelException(
                $"{path}: the file has no metadata '{ModelManifest.MetadataKey}' and there is no {sidecar} beside it; "
                + "train it with 'edgetwin train', or describe the model in that file");
        }

        return Explain(sidecar, () => SidecarManifest.Read(File.ReadAllText(sidecar)));
    }

    private static T Explain<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ModelException exception)
        {
            throw new ModelException($"{path}: {exception.Message}", exception);
        }
    }

    private static void CheckAgainstGraph(ModelManifest manifest, OnnxModelInfo graph)
    {
        var input = graph.Inputs.FirstOrDefault(i => i.Name == manifest.Tensor)
            ?? throw new ModelException(
                $"the graph has no input '{manifest.Tensor}'; it has {string.Join(", ", graph.Inputs)}");
        if (graph.Inputs.Count > 1)
            throw new ModelException(
                $"the graph has {graph.Inputs.Count} inputs; a package has one: 1 x window x tags");
        if (input.Type is not (TensorType.Float32 or TensorType.Float64))
            throw new ModelException($"input '{input.Name}' is {input.Type}; it must be float or double");
        CheckShape(manifest, input);
        foreach (var output in manifest.Outputs.Where(o => o.Tensor is not null))
        {
            var tensor = graph.Outputs.FirstOrDefault(o => o.Name == output.Tensor)
                ?? throw new ModelException($"output '{output.Name}': the graph has no output '{output.Tensor}'; "
                    + $"it has {string.Join(", ", graph.Outputs)}");
            if (tensor.Type == TensorType.Unknown)
                throw new ModelException(
                    $"output '{output.Name}': tensor '{tensor.Name}' holds neither numbers nor booleans");
            if (tensor.Shape.All(d => d >= 0) && output.Index >= tensor.Shape.Aggregate(1L, (a, d) => a * d))
                throw new ModelException(
                    $"output '{output.Name}': element {output.Index} lies outside tensor {tensor}");
        }
    }

    private static void CheckShape(ModelManifest manifest, TensorInfo input)
    {
        long[] full = [1, manifest.Window, manifest.Inputs.Count];
        long[] expected = input.Shape.Count == 2 && manifest.Window == 1 ? [1, manifest.Inputs.Count] : full;
        if (input.Shape.Count == expected.Length
            && input.Shape.Zip(expected).All(p => p.First < 0 || p.First == p.Second)) return;
        throw new ModelException(
            $"input {input} does not take 1 x window x tags = {string.Join(" x ", expected)} numbers");
    }
}
