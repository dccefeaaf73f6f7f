using EdgeTwin.Prediction;
using EdgeTwin.Prediction.Onnx;
using EdgeTwin.Prediction.Training;

namespace EdgeTwin.Tests.Prediction;

public class DemoModelTests
{
    private static readonly TimeSpan OnDelay = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan OffDelay = TimeSpan.FromSeconds(10);

    [Fact]
    public void Training_on_the_demo_data_gives_the_shipped_package_byte_for_byte()
    {
        var result = Trainer.Train(DemoFiles.Normal(), DemoFiles.Options);
        Assert.Equal(File.ReadAllBytes(DemoFiles.Path("pump-condition.onnx")), result.Package.ToArray());
        Assert.Equal(result.Package.ToArray(), Trainer.Train(DemoFiles.Normal(), DemoFiles.Options).Package.ToArray());
    }

    [Fact]
    public void The_shipped_package_computes_its_golden_vectors()
    {
        var package = ModelPackage.Open(DemoFiles.Path("pump-condition.onnx"));
        package.VerifyGolden();
        Assert.NotEmpty(package.Manifest.Golden);
    }

    [Fact]
    public void On_the_recording_the_alarm_rises_within_15_s_of_the_fault_and_never_before_and_clears_after_it()
    {
        var package = ModelPackage.Load("retrained", Trainer.Train(DemoFiles.Normal(), DemoFiles.Options).Package);
        var tags = package.Manifest.Inputs.Select(i => i.Name).ToArray();
        var recording = TrainingCsv.Read(
            DemoFiles.Path("recording.csv"), new TrainingCsvOptions { Columns = [.. tags, "anomaly"] });
        var alarms = Alarms(package, recording, tags.Length);

        var faultRows = Enumerable.Range(0, recording.Rows).Where(r => recording.Value(r, tags.Length) != 0).ToList();
        var (faultBegins, faultEnds) = (recording.Time(faultRows[0]), recording.Time(faultRows[^1]));
        var alarm = Assert.Single(alarms);
        Assert.InRange(alarm.Rise, faultBegins, faultBegins.AddSeconds(15));
        Assert.InRange(alarm.Clear, faultEnds, faultEnds.AddSeconds(45));
        Assert.StartsWith("vibration", alarm.Cause);
        Assert.True(alarm.Rise - recording.Time(0) < TimeSpan.FromMinutes(2),
            "the demo promises an alarm within two minutes");
    }

    private static List<(DateTime Rise, DateTime Clear, string Cause)> Alarms(ModelPackage package,
        TrainingData recording, int tags)
    {
        using var session = OnnxSession.Create(package);
        var outputs = package.Manifest.Outputs.Select(o => o.Name).ToList();
        var (score, cause) = (outputs.IndexOf("score"), outputs.IndexOf("cause"));
        var results = new double[outputs.Count];
        var rows = package.Manifest.Window;
        var window = new double[rows * tags];
        List<(DateTime, DateTime, string)> alarms = [];
        (DateTime Since, string Cause)? active = null;
        DateTime? above = null;
        DateTime? below = null;
        for (var row = rows - 1; row < recording.Rows; row++)
        {
            for (var i = 0; i < window.Length; i++) window[i] = recording.Value(row - rows + 1 + i / tags, i % tags);
            session.Run(window, results);
            var now = recording.Time(row);
            above = results[score] > 1 ? above ?? now : null;
            below = results[score] > 1 ? null : below ?? now;
            if (active is null && now - above >= OnDelay)
                active = (now, package.Manifest.Outputs[cause].Labels[(int)results[cause]]);
            if (active is not { } alarm || !(now - below >= OffDelay)) continue;
            alarms.Add((alarm.Since, now, alarm.Cause));
            active = null;
        }

        if (active is { } still) alarms.Add((still.Since, DateTime.MaxValue, still.Cause));
        return alarms;
    }
}
