using System.CommandLine;
using EdgeTwin.Hosting;
using EdgeTwin.Prediction;
using EdgeTwin.Prediction.Training;
using Spectre.Console;

namespace EdgeTwin.Cli;

/// <summary><c>edgetwin train</c>: makes a model package from a CSV file or the journal.</summary>
internal static class TrainCommand
{
    public static Command Build()
    {
        var csv = new Option<string?>("--csv") { Description = "Train from this CSV file.", HelpName = "file" };
        var data = new Option<string?>("--data")
        {
            Description = "Train from the journal in this data folder.",
            HelpName = "folder"
        };
        var tags = new Option<string[]>("--tags")
        {
            Description = "Tags (columns) to use; all numbers when absent.",
            AllowMultipleArgumentsPerToken = true
        };
        var units = new Option<string[]>("--unit")
        {
            Description = "Unit of a tag, as flow=L/min.",
            AllowMultipleArgumentsPerToken = true
        };
        var label = new Option<string?>("--skip-where")
        {
            Description =
            "CSV column that is not 0 where the machine was not normal.",
            HelpName = "column"
        };
        var from = new Option<string?>("--last")
        {
            Description = "Journal: how far back to train from, such as 8h.",
            HelpName = "duration"
        };
        var rate = new Option<double>("--false-alarms")
        {
            Description = "Share of normal windows that may pass the "
            + "threshold.",
            DefaultValueFactory = _ => new TrainingOptions().FalseAlarmRate
        };
        var window = new Option<int>("--window")
        {
            Description = "Samples in a window.",
            DefaultValueFactory = _ =>
            new TrainingOptions().Window
        };
        var margin = new Option<double>("--margin")
        {
            Description = "Factor on the calibrated threshold, for drift "
            + "that the data does not show.",
            DefaultValueFactory = _ => new TrainingOptions().Margin
        };
        var output = new Option<string>("--output", "-o")
        {
            Description = "Package to write.",
            DefaultValueFactory =
            _ => "model.onnx",
            HelpName = "file"
        };
        var command = new Command(
            "train",
            """
            Train an anomaly model (PCA with Hotelling T² and Q residuals) from normal operation and write its package.

            Examples:
              edgetwin train --csv normal.csv --output pump-condition.onnx
              edgetwin train --data ./data --tags flow pressure current --last 8h -o pump-condition.onnx
            """)
        { csv, data, tags, units, label, from, rate, window, margin, output };
        command.SetAction(parsed =>
        {
            var options = new TrainingOptions
            {
                FalseAlarmRate = parsed.GetValue(rate),
                Window = parsed.GetValue(window),
                Margin =
                    parsed.GetValue(margin),
            };
            var columns = parsed.GetValue(tags) is { Length: > 0 } names ? names : null;
            return Train(
                () => (parsed.GetValue(csv), parsed.GetValue(data)) switch
                {
                    ({ } file, null) => TrainingCsv.Read(file, new TrainingCsvOptions
                    {
                        Columns = columns,
                        Units = Units(parsed.GetValue(units)),
                        AnomalyColumn =
                            parsed.GetValue(label),
                    }),
                    (null, { } folder) => JournalTraining.Read(
                        folder, columns ?? throw new CommandException(ExitCodes.Usage,
                        "--data needs --tags: name the tags to train on"),
                        Units(parsed.GetValue(units)), Durations.Parse("--last", parsed.GetValue(from)),
                        TimeProvider.System),
                    _ => throw new CommandException(ExitCodes.Usage,
                    "give either --csv or --data: where the training data is"),
                },
                options, parsed.GetValue(output)!, parsed.GetValue(CommandLine.Json));
        });
        return command;
    }

    private static int Train(Func<TrainingData> read, TrainingOptions options, string output, bool json)
    {
        try
        {
            var data = read();
            TrainingResult? result = null;
            if (json || Console.IsErrorRedirected) result = Trainer.Train(data, options);
            else WithProgressBar(progress => result = Trainer.Train(data, options, progress));
            File.WriteAllBytes(output, result!.Package.Span);
            if (json) Output.Line(new { file = output, report = result.Report });
            else Print(output, result.Report);
            return ExitCodes.Ok;
        }
        catch (Exception failed) when (failed is ModelException or FormatException or InvalidDataException)
        {
            throw new CommandException(ExitCodes.Wrong, failed.Message);
        }
    }

    private static void WithProgressBar(Action<IProgress<double>> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        console.Progress().Start(bars =>
        {
            var bar = bars.AddTask("training", maxValue: 1);
            work(new Direct(done => bar.Value = done));
        });
    }

    private static void Print(string output, TrainingReport report)
    {
        Console.WriteLine(
            $"{output}: {report.Components} components explain {report.ExplainedVariance:P1} of the variance");
        Console.WriteLine($"rows {report.Rows} (skipped {report.SkippedRows}), period "
            + $"{StatusText.Age(report.Period)}, windows {report.FitWindows} fitted, {report.HeldBackWindows} held "
            + $"back");
        Console.WriteLine($"alarm rate on held-back data {report.HeldBackAlarmRate:P2}; graph agrees with the "
            + $"computation to {report.GraphDifference:E1}");
        foreach (var warning in report.Warnings) Console.Error.WriteLine($"warning: {warning}");
    }

    private static Dictionary<string, string> Units(string[]? pairs)
    {
        var units = new Dictionary<string, string>();
        foreach (var pair in pairs ?? [])
        {
            var (name, unit) = pair.Split('=', 2) is [var left, var right]
                ? (left, right)
                : throw new CommandException(ExitCodes.Usage, $"--unit: '{pair}' is not tag=unit, such as flow=L/min");
            units[name] = unit;
        }

        return units;
    }

    /// <summary>Progress on the thread that works, so that the last report is on the screen before the
    /// result.</summary>
    private sealed class Direct(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
