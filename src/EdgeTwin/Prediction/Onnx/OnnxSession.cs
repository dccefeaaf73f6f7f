using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace EdgeTwin.Prediction.Onnx;

/// <summary>
/// One model, ready to run: the only file that knows the ONNX Runtime. Used by one thread at a time. Tuned for a small
/// gateway: one thread, no spinning, no memory arena; a window is a few hundred numbers.
/// </summary>
internal sealed class OnnxSession : IInference
{
    private static readonly Lock Setup = new();
    private static bool hasResolver;

    private readonly ModelPackage package;
    private readonly InferenceSession session;
    private readonly RunOptions runOptions = new();
    private readonly long[] shape;
    private readonly string[] inputNames;
    private readonly string[] outputNames;
    private readonly int[] outputTensors;
    private readonly float[]? narrow;
    private readonly double[]? wide;
    private readonly OrtValue input;

    private OnnxSession(ModelPackage package, InferenceSession session)
    {
        this.package = package;
        this.session = session;
        var manifest = package.Manifest;
        var tensor = package.Graph.Inputs[0];
        shape = tensor.Shape.Count == 2 ? [1, manifest.Inputs.Count] : [1, manifest.Window, manifest.Inputs.Count];
        inputNames = [tensor.Name];
        outputNames = [.. manifest.Outputs.Select(o => o.Tensor).OfType<string>().Distinct()];
        outputTensors = [.. manifest.Outputs.Select(o => o.Tensor is null ? -1 : Array.IndexOf(outputNames, o.Tensor))];
        var width = manifest.Window * manifest.Inputs.Count;
        if (tensor.Type == TensorType.Float32)
        {
            narrow = new float[width];
            input = OrtValue.CreateTensorValueFromMemory(narrow, shape);
        }
        else
        {
            wide = new double[width];
            input = OrtValue.CreateTensorValueFromMemory(wide, shape);
        }
    }

    /// <exception cref="ModelException">The runtime refuses the model, or its native library cannot be
    /// loaded.</exception>
    public static OnnxSession Create(ModelPackage package)
    {
        try
        {
            SetUpOnce();
            using var options = new SessionOptions
            {
                IntraOpNumThreads = 1,
                InterOpNumThreads = 1,
                ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
                GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_BASIC,
                EnableCpuMemArena = false,
                EnableMemoryPattern = false,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, // what matters comes back as an exception
            };
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
            return new OnnxSession(package, new InferenceSession(package.Bytes.ToArray(), options));
        }
        catch (OnnxRuntimeException exception)
        {
            throw new ModelException($"{package.Path}: the ONNX Runtime refuses the model: {exception.Message}",
                exception);
        }
        catch (Exception exception) when ((exception as TypeInitializationException)?.InnerException
            is DllNotFoundException
            || exception is DllNotFoundException or EntryPointNotFoundException)
        {
            var cause = exception.InnerException ?? exception;
            throw new ModelException(
                $"the ONNX Runtime's native library does not load: {cause.Message}; it belongs at "
                    + $"{NativeLibraryPath()}", exception);
        }
    }

    /// <inheritdoc/>
    public void Run(ReadOnlySpan<double> window, Span<double> outputs)
    {
        if (wide is not null) window.CopyTo(wide);
        else for (var i = 0; i < window.Length; i++) narrow![i] = (float)window[i];
        try
        {
            using var results = session.Run(runOptions, inputNames, [input], outputNames);
            for (var i = 0; i < outputs.Length; i++)
            {
                var output = package.Manifest.Outputs[i];
                outputs[i] = outputTensors[i] < 0 ? output.Constant : Element(results[outputTensors[i]], output);
            }
        }
        catch (OnnxRuntimeException exception)
        {
            throw new ModelException($"{package.Path}: the model failed: {exception.Message}", exception);
        }
    }

    public void Dispose()
    {
        input.Dispose();
        runOptions.Dispose();
        session.Dispose();
    }

    private double Element(OrtValue value, ModelOutput output)
    {
        var info = value.GetTensorTypeAndShape();
        if (output.Index >= info.ElementCount)
        {
            throw new ModelException($"{package.Path}: output '{output.Name}' is element {output.Index} of tensor "
                + $"'{output.Tensor}', which has {info.ElementCount}");
        }

        return info.ElementDataType switch
        {
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Double =>
                value.GetTensorDataAsSpan<double>()[output.Index],
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float =>
            value.GetTensorDataAsSpan<float>()[output.Index],
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Int64 => value.GetTensorDataAsSpan<long>()[output.Index],
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Int32 => value.GetTensorDataAsSpan<int>()[output.Index],
            Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Bool => value.GetTensorDataAsSpan<bool>()[output.Index]
            ? 1 : 0,
            var other =>
            throw new ModelException($"{package.Path}: tensor '{output.Tensor}' holds {other}, which is no number"),
        };
    }

    /// <summary>Loads the library that ships with the gateway and never one that the system happens to have.</summary>
    private static void SetUpOnce()
    {
        lock (Setup)
        {
            if (!hasResolver)
            {
                OrtEnv.DisableDllImportResolver = true;
                NativeLibrary.SetDllImportResolver(typeof(OrtEnv).Assembly, Resolve);
                hasResolver = true;
            }

            if (OrtEnv.IsCreated) return;
            var options = new EnvironmentCreationOptions
            {
                logId = "edgetwin",
                // the runtime writes to stderr behind our back otherwise
                logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            };
            OrtEnv.CreateInstanceWithOptions(ref options);
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search) =>
        name == "onnxruntime" ? NativeLibrary.Load(NativeLibraryPath()) : 0;

    private static string NativeLibraryPath()
    {
        var architecture = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64";
        return Path.Combine(AppContext.BaseDirectory, "runtimes", $"linux-{architecture}", "native",
            "libonnxruntime.so");
    }
}
