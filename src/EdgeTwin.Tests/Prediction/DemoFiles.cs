using EdgeTwin.Prediction.Training;

namespace EdgeTwin.Tests.Prediction;

/// <summary>The demo's own data, found from the folder that the tests run in.</summary>
internal static class DemoFiles
{
    /// <summary>How the shipped package was trained; <c>config/demo/README.md</c> says the same.</summary>
    public static readonly TrainingOptions Options = new() { Margin = 2 };

    public static string Path(string file)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "EdgeTwin.sln"))) folder =
            folder.Parent;
        return System.IO.Path.Combine(folder!.FullName, "config", "demo", file);
    }

    public static TrainingData Normal() => TrainingCsv.Read(Path("normal.csv"), new TrainingCsvOptions());
}
