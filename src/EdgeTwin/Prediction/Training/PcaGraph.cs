using EdgeTwin.Prediction.Onnx;

namespace EdgeTwin.Prediction.Training;

/// <summary>Writes a <see cref="PcaModel"/> as an ONNX graph that takes raw engineering units: 1 x window x
/// tags.</summary>
internal static class PcaGraph
{
    public const string Input = "window";
    public const string Score = "score";
    public const string T2 = "t2";
    public const string Q = "q";
    public const string Cause = "cause";
    public const string Contribution = "contribution";

    private static readonly OnnxAttribute OverWindow = new("axes", 0, [1]);
    private static readonly OnnxAttribute LastAxis = new("axis", 2);

    public static OnnxModelWriter Build(PcaModel model, int window, int tags)
    {
        var graph = new OnnxModelWriter("normal-operation");
        var x = graph.Input(Input, TensorType.Float64, 1, window, tags);
        var axis1 = graph.Weights([1L]);
        var z = Scaled(graph, model, Features(graph, model, x), axis1);

        var projected = graph.Node("MatMul", z, Matrix(graph, model.Projection()));
        var residual = graph.Node("Sub", z, projected);
        graph.Result(Q, "ReduceSum", graph.Node("Mul", residual, residual), axis1);

        var t = graph.Node("MatMul", z, Matrix(graph, Whitened(model)));
        graph.Result(T2, "ReduceSum", graph.Node("Mul", t, t), axis1);

        var worst = graph.Node("Max",
            graph.Node("Div", T2, Number(graph, model.T2Limit)), graph.Node("Div", Q, Number(graph, model.QLimit)));
        graph.Result(Score, "Sqrt", worst);
        Explain(graph, model, z, axis1, tags);

        foreach (var output in (string[])[Score, T2, Q]) graph.Output(output, TensorType.Float64, 1, 1);
        graph.Output(Cause, TensorType.Int64, 1, 1);
        graph.Output(Contribution, TensorType.Float64, 1, tags);
        return graph;
    }

    /// <summary>Mean and log of the scatter of each tag: 1 x 1 x features.</summary>
    private static string Features(OnnxModelWriter graph, PcaModel model, string x)
    {
        var mean = graph.Node("ReduceMean", [x], OverWindow);
        var distance = graph.Node("Sub", x, mean);
        var variance = graph.Node("ReduceMean", [graph.Node("Mul", distance, distance)], OverWindow);
        var floored = graph.Node("Add", variance, graph.Weights(model.VarianceFloor, model.VarianceFloor.Length));
        var scatter = graph.Node("Mul", graph.Node("Log", floored), Number(graph, 0.5));
        return graph.Node("Concat", [mean, scatter], LastAxis);
    }

    private static string Scaled(OnnxModelWriter graph, PcaModel model, string features, string axis1)
    {
        var centred = graph.Node("Sub", features, graph.Weights(model.Center, model.Center.Length));
        var scaled = graph.Node("Mul", centred, graph.Weights(model.InverseScale, model.InverseScale.Length));
        return graph.Node("Squeeze", scaled, axis1);
    }

    /// <summary>Which tag, and how much of the score is each one's; all 0 while the score is normal.</summary>
    private static void Explain(OnnxModelWriter graph, PcaModel model, string z, string axis1, int tags)
    {
        var index = model.CombinedIndex();
        var toTags = new double[model.Features, tags];
        for (var i = 0; i < model.Features; i++) toTags[i, i % tags] = 1 / index[i, i];
        var along = graph.Node("MatMul", z, Matrix(graph, index));
        var perTag = graph.Node("MatMul", graph.Node("Mul", along, along), Matrix(graph, toTags));
        var share = graph.Node("Div", perTag, graph.Node("ReduceSum", perTag, axis1));

        var alarm = graph.Node("Greater", Score, Number(graph, 1));
        var alarmNumber = graph.Node("Cast", [alarm], new OnnxAttribute("to", (long)TensorType.Float64));
        graph.Result(Contribution, "Mul", share, alarmNumber);

        var top = graph.Node("ArgMax", [perTag], new OnnxAttribute("axis", 1));
        var alarmFlag = graph.Node("Cast", [alarm], new OnnxAttribute("to", (long)TensorType.Int64));
        graph.Result(Cause, "Mul", graph.Node("Add", top, graph.Weights([1L])), alarmFlag);
    }

    /// <summary>Loadings over the root of each variance, so that T² is a plain sum of squares.</summary>
    private static double[,] Whitened(PcaModel model)
    {
        var whitened = new double[model.Features, model.Components];
        for (var i = 0; i < model.Features; i++)
        {
            for (var k = 0; k < model.Components; k++) whitened[i, k] =
                model.Loadings[i, k] / Math.Sqrt(model.Variances[k]);
        }

        return whitened;
    }

    private static string Number(OnnxModelWriter graph, double value) => graph.Weights([value], 1);

    private static string Matrix(OnnxModelWriter graph, double[,] matrix)
    {
        var flat = new double[matrix.Length];
        Buffer.BlockCopy(matrix, 0, flat, 0, matrix.Length * sizeof(double));
        return graph.Weights(flat, matrix.GetLength(0), matrix.GetLength(1));
    }
}
