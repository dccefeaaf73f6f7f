using System.Text.RegularExpressions;
using EdgeTwin.Hosting;

namespace EdgeTwin.Tests.Configuration;

/// <summary>Everything that readers copy is loaded as the gateway loads it, with the real drivers.</summary>
public partial class ExampleTests
{
    public static TheoryData<string> Examples() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Root, "config"), "*.yaml",
            SearchOption.AllDirectories)
            .Where(path => !path.Contains("/brokers/", StringComparison.Ordinal)) // BrokerExampleTests
            .Append(Path.Combine(RepositoryFolder.Root, "deploy", "docker", "edgetwin.yaml"))
            .Select(path => Path.GetRelativePath(RepositoryFolder.Root, path)),
    ];

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_loads_without_an_error(string example)
    {
        var result = ConfigurationFile.Load(Path.Combine(RepositoryFolder.Root, example));
        Assert.Empty(result.Errors);
        // minimal.yaml is a gateway before its first source; one that has sources shows tags too.
        if (result.Config!.Sources.Count > 0) Assert.NotEqual(0, result.Tags!.Count);
    }

    [Fact]
    public void The_configuration_in_the_readme_loads()
    {
        var readme = File.ReadAllText(Path.Combine(RepositoryFolder.Root, "README.md"));
        var yaml = YamlBlock().Match(readme).Groups["yaml"].Value;
        var folder = Directory.CreateTempSubdirectory("edgetwin-readme").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "models"));
            File.Copy(
                Path.Combine(RepositoryFolder.Root, "config", "demo", "pump-condition.onnx"),
                Path.Combine(folder, "models", "pump-condition.onnx"));
            var file = Path.Combine(folder, "edgetwin.yaml");
            File.WriteAllText(file, yaml);
            Assert.Empty(ConfigurationFile.Load(file).Errors);
            Assert.InRange(yaml.Split('\n').Length, 10, 40);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex("```yaml\n(?<yaml>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex YamlBlock();
}
