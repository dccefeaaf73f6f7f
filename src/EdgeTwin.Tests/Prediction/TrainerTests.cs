using EdgeTwin.Prediction;
using EdgeTwin.Prediction.Onnx;
using EdgeTwin.Prediction.Training;

namespace EdgeTwin.Tests.Prediction;

public class TrainerTests
{
    private static readonly DateTime Start = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.002)]
    public void On_new_normal_data_the_false_alarm_rate_is_near_the_stated_one(double rate)
    {
        var options = new TrainingOptions { FalseAlarmRate = rate };
        var result = Trainer.Train(Plant(20_000, seed: 1), options);
        var alarms = AlarmRate(result, Plant(20_000, seed: 2));
        Assert.InRange(alarms, rate / 3, rate * 3);
    }

    [Fact]
    public void A_broken_relation_between_tags_is_found_though_every_tag_stays_in_its_range()
    {
        var result = Trainer.Train(Plant(5_000, seed: 1), new TrainingOptions());
        Assert.InRange(AlarmRate(result, Plant(5_000, seed: 3, follows: -1)), 0.3, 1);
        // control: the same noise, the relation intact
        Assert.InRange(AlarmRate(result, Plant(5_000, seed: 3)), 0, 0.02);
    }

    [Fact]
    public void The_graph_agrees_with_the_computation_here()
    {
        var report = Trainer.Train(Plant(2_000, seed: 1), new TrainingOptions()).Report;
        Assert.InRange(report.GraphDifference, 0, ModelPackage.GoldenTolerance);
        Assert.InRange(report.ExplainedVariance, 0.9, 1);
    }

    [Fact]
    public void The_report_says_how_sure_the_false_alarm_rate_is()
    {
        var report = Trainer.Train(Plant(500, seed: 1), new TrainingOptions()).Report;
        Assert.Contains(report.Warnings, w => w.Contains("is an extrapolation from 13 independent windows"));
        Assert.InRange(report.Threshold.UpperBound, 0.1, 0.5); // 1 - 0.05^(1/13) = 0.21 when none of them passed
    }

    [Fact]
    public void A_tag_that_never_changes_is_left_out_and_named()
    {
        var data = new TrainingData([new("a", "bar"), new("stuck", ""), new("b", "")]);
        var random = new Random(1);
        for (var i = 0; i < 500; i++) data.Add(Start.AddSeconds(i), [random.NextDouble(), 7, random.NextDouble()]);
        var result = Trainer.Train(data, new TrainingOptions());
        Assert.Equal("tag 'stuck' never changes in the training data and was left out", result.Report.Warnings[0]);
        Assert.Equal(["a", "b"], ModelPackage.Load("p", result.Package).Manifest.Inputs.Select(i => i.Name));
    }

    [Fact]
    public void Too_little_data_says_how_much_is_needed()
    {
        var error = Assert.Throws<ModelException>(() => Trainer.Train(Plant(50, seed: 1), new TrainingOptions()));
        Assert.Matches("^training: 41 windows of 10 rows are too few for 3 tags; at least 63 rows of normal operation",
            error.Message);
    }

    [Fact]
    public void An_option_outside_its_range_is_refused()
    {
        var error = Assert.Throws<ModelException>(() =>
            Trainer.Train(Plant(500, seed: 1), new TrainingOptions { HeldBack = 0.9 }));
        Assert.Equal("training: HeldBack 0.9 is outside 0.1-0.6", error.Message);
    }

    [Fact]
    public void No_window_spans_a_gap_in_the_data()
    {
        var data = new TrainingData([new("a", "")]);
        for (var i = 0; i < 20; i++) data.Add(Start.AddSeconds(i), [i]);
        for (var i = 0; i < 20; i++) data.Add(Start.AddSeconds(100 + i), [100 + i]);
        var windows = WindowSet.Create(data, [0], 10, TimeSpan.FromSeconds(1));
        Assert.Equal(22, windows.Count); // 11 in each part
        for (var i = 0; i < windows.Count; i++) Assert.Equal(9, windows.Values(i)[9] - windows.Values(i)[0]);
    }

    [Fact]
    public void A_missing_second_is_bridged_by_the_value_before()
    {
        var data = new TrainingData([new("a", "")]);
        foreach (var second in (int[])[0, 1, 2, 4, 5]) data.Add(Start.AddSeconds(second), [second]);
        var windows = WindowSet.Create(data, [0], 6, TimeSpan.FromSeconds(1));
        Assert.Equal([0, 1, 2, 2, 4, 5], windows.Values(0));
    }

    [Fact]
    public void Csv_rows_that_cannot_be_used_are_counted()
    {
        var csv = new StringReader("""
            datetime,flow [L/min],label,pressure
            2026-01-01 00:00:00,1.5,0,2
            2026-01-01 00:00:01,1.6,1,2
            not a time,1.6,0,2
            2026-01-01 00:00:02,1.7,0
            2026-01-01 00:00:03,,0,2.5
            2026-01-01 00:00:02,1.8,0,2.5
            """);
        var data = TrainingCsv.Read(csv, new TrainingCsvOptions
        {
            AnomalyColumn = "label",
            Units = new Dictionary<string, string> { ["pressure"] = "bar" },
        });
        Assert.Equal([new TrainingColumn("flow", "L/min"), new TrainingColumn("pressure", "bar")], data.Columns);
        Assert.Equal(2, data.Rows);        // the anomalous row is left out, the one without a flow stays
        Assert.Equal(3, data.SkippedRows); // no time, a cell short, back in time
        Assert.True(double.IsNaN(data.Value(1, 0)));
    }

    [Fact]
    public void A_column_that_is_not_there_is_named_with_those_that_are()
    {
        var error = Assert.Throws<ModelException>(() => TrainingCsv.Read(
            new StringReader("time;a;b\n2026-01-01;1;2"), new TrainingCsvOptions { Columns = ["c"] }));
        Assert.Equal("there is no column 'c'; the header has time, a, b", error.Message);
    }

    /// <summary>A pump as three tags: a slow load, a pressure that follows it, and an independent vibration.</summary>
    private static TrainingData Plant(int rows, int seed, double follows = 1)
    {
        var random = new Random(seed);
        var data = new TrainingData([new("load", "%"), new("pressure", "bar"), new("vibration", "g")]);
        var load = 0.0;
        for (var i = 0; i < rows; i++)
        {
            load = 0.95 * load + Normal(random);
            data.Add(Start.AddSeconds(i),
                [50 + load, 3 + follows * 0.1 * load + 0.02 * Normal(random), 0.2 + 0.01 * Normal(random)]);
        }

        return data;
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double AlarmRate(TrainingResult result, TrainingData data)
    {
        var package = ModelPackage.Load("p", result.Package);
        using var session = OnnxSession.Create(package);
        var outputs = new double[package.Manifest.Outputs.Count];
        var windows = WindowSet.Create(data, [0, 1, 2], package.Manifest.Window, package.Manifest.Period);
        var alarms = 0;
        for (var i = 0; i < windows.Count; i++)
        {
            session.Run(windows.Values(i), outputs);
            if (outputs[0] > 1) alarms++;
        }

        return alarms / (double)windows.Count;
    }
}
