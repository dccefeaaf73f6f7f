using System.Text;
using EdgeTwin.Prediction;
using EdgeTwin.Prediction.Onnx;

namespace EdgeTwin.Tests.Prediction;

public class OnnxModelReaderTests
{
    [Fact]
    public void Reads_what_the_writer_wrote()
    {
        var graph = new OnnxModelWriter("g");
        graph.Input("x", TensorType.Float64, 1, 5, 3);
        graph.Result("y", "Neg", "x");
        graph.Output("y", TensorType.Float64, 1, 5, 3);
        graph.Metadata("key", "Wörter");
        var info = OnnxModelReader.Read(graph.ToBytes("me", "2").Span);
        Assert.Equal("me", info.Producer);
        Assert.Equal("x[1 x 5 x 3]", Assert.Single(info.Inputs).ToString());
        Assert.Equal(TensorType.Float64, Assert.Single(info.Outputs).Type);
        Assert.Equal("Wörter", info.Metadata["key"]);
    }

    // A file that was cut off or damaged on the way must be explained, never crash the gateway.
    [Fact]
    public void Every_truncation_of_a_package_is_refused_with_a_model_exception()
    {
        var bytes = File.ReadAllBytes(DemoFiles.Path("pump-condition.onnx"));
        var accepted = 0;
        for (var length = 0; length < bytes.Length; length += 7)
        {
            if (Opens(bytes[..length])) accepted++;
        }

        Assert.Equal(0, accepted);
        Assert.True(Opens(bytes));
    }

    [Fact]
    public void Random_damage_ends_in_a_model_exception_or_a_package()
    {
        var random = new Random(20261122);
        var original = File.ReadAllBytes(DemoFiles.Path("pump-condition.onnx"));
        var refused = 0;
        for (var round = 0; round < 1000; round++)
        {
            var bytes = (byte[])original.Clone();
            for (var i = 0; i < 4; i++) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (!Opens(bytes)) refused++;
        }

        Assert.InRange(refused, 100, 1000);
    }

    [Fact]
    public void A_length_that_points_past_the_end_is_refused()
    {
        var error = Assert.Throws<ModelException>(() => OnnxModelReader.Read([0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F]));
        Assert.Equal("not an ONNX file: a length points past its end", error.Message);
    }

    [Fact]
    public void A_number_of_more_than_64_bits_is_refused() => Assert.Throws<ModelException>(
        () => OnnxModelReader.Read([0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]));

    [Fact]
    public void Text_is_not_an_onnx_file() => Assert.Throws<ModelException>(
        () => OnnxModelReader.Read(Encoding.ASCII.GetBytes("<html><body>404 Not Found</body></html>")));

    [Fact]
    public void Weights_in_another_file_are_refused_because_a_package_is_one_file()
    {
        var tensor = new ProtobufWriter().Text(8, "w").Int64(14, 1);
        var model = new ProtobufWriter().Message(7, new ProtobufWriter().Message(5, tensor));
        var error = Assert.Throws<ModelException>(() => OnnxModelReader.Read(model.Written.Span));
        Assert.Contains("'w' lies in another file", error.Message);
    }

    private static bool Opens(byte[] bytes)
    {
        try
        {
            ModelPackage.Load("damaged.onnx", bytes);
            return true;
        }
        catch (ModelException)
        {
            return false;
        }
    }
}
