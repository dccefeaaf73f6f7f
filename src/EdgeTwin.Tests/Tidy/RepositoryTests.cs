namespace EdgeTwin.Tests.Tidy;

public class RepositoryTests
{
    [Fact]
    public void Every_link_of_every_document_leads_somewhere()
    {
        var documents = Repository.Files(".", ".md").ToArray();
        Assert.Contains(documents, static d => d.Path == "README.md");
        Assert.Empty(documents.SelectMany(static d => RepositoryRules.DeadLinks(d.Path, d.Text, Repository.Exists)));
    }

    [Theory]
    [InlineData("see [x](gone.md)", 1)]
    [InlineData("see [x](../gone.md#part) and [y](here.md)", 1)]
    [InlineData("[a](here.md#part), [b](#part), [c](https://example.com/gone)", 0)]
    [InlineData("```\n[x](gone.md)\n```", 0)]
    public void A_link_that_leads_nowhere_is_found(string markdown, int count) => Assert.Equal(
        count, RepositoryRules.DeadLinks("docs/x.md", markdown, static path => path == "docs/here.md").Count());

    [Fact]
    public void Every_example_names_its_schema() => Assert.Empty(
        Repository.Files("config", ".yaml", ".yml").Where(IsOurs).SelectMany(static e =>
            RepositoryRules.SchemaProblems(e.Path, e.Text, Repository.Exists)));

    [Theory]
    [InlineData("gateway: { id: x }", 1)]
    [InlineData("# yaml-language-server: $schema=gone.json\n", 1)]
    [InlineData("# yaml-language-server: $schema=../edgetwin.schema.json\n", 0)]
    public void An_example_without_its_schema_is_found(string yaml, int count) => Assert.Equal(count, RepositoryRules
        .SchemaProblems("config/examples/x.yaml", yaml, static path => path == "config/edgetwin.schema.json").Count());

    [Fact]
    public void Every_package_is_listed_with_its_version_licence_and_reason()
    {
        var packages = RepositoryRules.NuGetPackages(Repository.Read("Directory.Packages.props"));
        if (Repository.Exists("package.json")) packages =
            packages.Concat(RepositoryRules.NpmPackages(Repository.Read("package.json")));
        Assert.Empty(RepositoryRules.Unlisted(packages, Repository.Read("docs/dependencies.md")));
    }

    [Theory]
    [InlineData("| `A` | 1.0.0 | MIT | storage |", 0)]
    [InlineData("| A | 1.0.1 | MIT | storage |", 1)]
    [InlineData("| A | 1.0.0 | | storage |", 1)]
    [InlineData("", 1)]
    public void A_package_that_is_not_listed_is_found(string table, int count) =>
        Assert.Equal(count, RepositoryRules.Unlisted([("A", "1.0.0")], table).Count());

    [Fact]
    public void Packages_are_read_from_both_files()
    {
        Assert.Equal([("a", "1.0.0"), ("b", "2.0.0")], RepositoryRules.NpmPackages(
            """{ "dependencies": { "a": "1.0.0" }, "devDependencies": { "b": "2.0.0" } }"""));
        Assert.Contains(RepositoryRules.NuGetPackages(Repository.Read("Directory.Packages.props")), static p =>
            p.Name == "xunit");
    }

    [Fact]
    public void Every_peer_that_the_tests_install_is_explained()
    {
        var peers = RepositoryRules.AptPackages(Repository.Read("test.sh")).ToArray();
        Assert.Contains("mosquitto", peers);
        var table = Repository.Read("docs/dependencies.md");
        Assert.All(peers, p => Assert.Contains($"| `{p}` |", table, StringComparison.Ordinal));
    }

    [Fact]
    public void The_change_log_has_the_version_that_is_built() => Assert.True(RepositoryRules.HasVersion(
        Repository.Read("CHANGELOG.md"), RepositoryRules.Version(Repository.Read("Directory.Build.props"))));

    [Fact]
    public void A_version_that_the_change_log_lacks_is_found()
    {
        Assert.True(RepositoryRules.HasVersion("# Changes\n\n## 0.1.0 (2026)\n", "0.1.0"));
        Assert.False(RepositoryRules.HasVersion("# Changes\n\n## 0.1.01\n", "0.1.0"));
    }

    [Theory]
    [InlineData("dotnet run --project src/EdgeTwin -- demo")]
    [InlineData("./test.sh")]
    public void The_read_me_begins_with_its_two_commands(string command) => Assert.Contains(
        Repository.Lines(Repository.Read("README.md")).Take(40), l =>
            l.Line.Trim().StartsWith(command, StringComparison.Ordinal));

    [Fact]
    public void The_continuous_integration_only_calls_the_test_script() => Assert.Equal(
        ["exec \"$(dirname \"${BASH_SOURCE[0]}\")/../test.sh\""],
        Repository.Lines(Repository.Read(".ci/run")).Select(static l => l.Line).Where(static l => !l.StartsWith('#')));

    // Beside ours, config/brokers has the brokers' own files.
    private static bool IsOurs((string Path, string Text) file) =>
        !file.Path.StartsWith("config/brokers/", StringComparison.Ordinal)
        || file.Path.EndsWith("/edgetwin.yaml", StringComparison.Ordinal);
}
