using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace EdgeTwin.Tests.Tidy;

/// <summary>The arrows between the rooms. Every rule is also shown a file that breaks it.</summary>
public class ArrowTests
{
    private static readonly ILookup<string, string> Types = ArrowRules.TypesByRoom(Repository.Paths("src/EdgeTwin"));

    [Fact]
    public void Every_arrow_points_the_right_way() => Assert.Empty(
        Repository.Code("src/EdgeTwin").SelectMany(static f => ArrowRules.Check(f.Path, f.Text, Types)));

    [Theory]
    [InlineData("Tags/X.cs", "using EdgeTwin.Twin;")]
    [InlineData("Sources/Modbus/X.cs", "using EdgeTwin.Journal;")]
    [InlineData("Sources/Modbus/X.cs", "using EdgeTwin.Mqtt;")]
    [InlineData("Sources/Modbus/X.cs", "using EdgeTwin.Sources.Replay;")]
    [InlineData("Journal/X.cs", "using static EdgeTwin.Alarms.AlarmState;")]
    [InlineData("Journal/X.cs", "using Alarm = EdgeTwin.Alarms.AlarmState;")]
    [InlineData("Twin/X.cs", "class X { EdgeTwin.Configuration.EdgeTwinConfig? config; }")]
    [InlineData("Twin/X.cs", "class X { Journal.Position position; }")]
    [InlineData("Upstream/X.cs", "using EdgeTwin.Sources;")]
    [InlineData("Configuration/X.cs", "using EdgeTwin.Hosting;")]
    [InlineData("Cellar/X.cs", "class X;")]
    public void An_arrow_that_points_the_wrong_way_is_found(string path, string code) =>
        Assert.Single(ArrowRules.Check("src/EdgeTwin/" + path, code, Types));

    [Theory]
    [InlineData("Sources/Modbus/X.cs", "using EdgeTwin.Modbus;\nusing EdgeTwin.Tags;\nusing EdgeTwin.Sources;")]
    [InlineData("Sources/SourceCatalog.cs", "using EdgeTwin.Sources.Modbus;")]
    [InlineData("Cli/X.cs", "using EdgeTwin.Configuration;\nusing EdgeTwin.Hosting;")]
    [InlineData("Tags/X.cs",
        "// EdgeTwin.Twin reads this\nclass X { string s = \"EdgeTwin.Journal\"; int n = Tags.Count; }")]
    public void An_arrow_that_points_the_right_way_is_left_alone(string path, string code) =>
        Assert.Empty(ArrowRules.Check("src/EdgeTwin/" + path, code, Types));

    [Fact]
    public void Namespaces_follow_folders() => Assert.Empty(
        Repository.Code()
            .Where(static f => !f.Path.StartsWith("src/EdgeTwin.Tests/", StringComparison.Ordinal))
            .Where(static f => Path.GetFileName(f.Path) != "Program.cs"
                && f.Text.Contains("namespace ", StringComparison.Ordinal))
            .Where(static f =>
                !f.Text.Contains($"\nnamespace {ArrowRules.Namespace(f.Path)};", StringComparison.Ordinal)
                && !f.Text.StartsWith($"namespace {ArrowRules.Namespace(f.Path)};", StringComparison.Ordinal)
                && !f.Text.StartsWith($"\uFEFFnamespace {ArrowRules.Namespace(f.Path)};", StringComparison.Ordinal))
            .Select(static f => f.Path));

    [Fact]
    public void The_namespace_of_a_folder_is_its_path() =>
        Assert.Equal("EdgeTwin.Sources.Modbus", ArrowRules.Namespace("src/EdgeTwin/Sources/Modbus/ModbusTcpSource.cs"));

    [Fact]
    public void Only_the_journal_uses_SQLite() =>
        Assert.DoesNotContain(
            Users("Microsoft.Data.Sqlite", "SQLitePCL"), static p =>
            !p.Contains("/Journal/", StringComparison.Ordinal));

    [Fact]
    public void ONNX_Runtime_is_used_in_one_file() => Assert.InRange(Users("Microsoft.ML.OnnxRuntime").Count(), 0, 1);

    [Fact]
    public void The_search_for_users_finds_a_using() => Assert.Contains(
        "src/EdgeTwin/Hosting/ControlServer.cs", Users("Microsoft.Extensions.Logging"));

    [Fact]
    public void Protocol_libraries_reference_nothing_of_ours() => Assert.Empty(
        Repository.Files("src", ".csproj").Where(static f => IsLibrary(f.Path)).SelectMany(static f =>
            References(f.Text)));

    [Fact]
    public void A_reference_of_a_library_would_be_found()
    {
        Assert.Equal(
            ["../EdgeTwin/EdgeTwin.csproj"],
            References("""<Project><ProjectReference Include="../EdgeTwin/EdgeTwin.csproj" /></Project>"""));
        Assert.True(IsLibrary("src/EdgeTwin.Modbus/EdgeTwin.Modbus.csproj"));
        Assert.Contains(Repository.Files("src", ".csproj"), static f => IsLibrary(f.Path));
    }

    private static bool IsLibrary(string path) =>
        Path.GetFileNameWithoutExtension(path) is not ("EdgeTwin" or "EdgeTwin.Tests" or "EdgeTwin.Benchmarks");

    private static IEnumerable<string> References(string project) => XDocument.Parse(project)
        .Descendants("ProjectReference").Select(static r => r.Attribute("Include")!.Value);

    private static IEnumerable<string> Users(params string[] packages) => Repository.Code("src/EdgeTwin")
        .Where(f => packages.Any(p => Regex.IsMatch(
            Repository.WithoutCommentsAndStrings(f.Text), $@"\b{Regex.Escape(p)}\b", RegexOptions.None,
                TimeSpan.FromSeconds(10))))
        .Select(static f => f.Path);
}
