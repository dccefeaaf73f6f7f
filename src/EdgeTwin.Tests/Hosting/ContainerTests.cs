using EdgeTwin.Tests.Tidy;
using YamlDotNet.RepresentationModel;

namespace EdgeTwin.Tests.Hosting;

/// <summary>What can be said of the container's files without a container engine.</summary>
public class ContainerTests
{
    private const string Folder = "deploy/docker/";

    [Fact]
    public void The_Dockerfile_names_only_what_exists_and_keeps_the_rules() =>
        Assert.Empty(ContainerFiles.Check(Repository.Read(Folder + "Dockerfile"), Repository.Exists));

    [Theory]
    [InlineData("FROM a\nCOPY gone.txt /x\nUSER app\nHEALTHCHECK CMD y", "COPY gone.txt /x: 'gone.txt' does not exist")]
    [InlineData("FROM a AS b\nCOPY --from=c /x /x\nUSER app\nHEALTHCHECK CMD y",
        "COPY --from=c /x /x: there is no such stage")]
    [InlineData("FROM a\nUSER app\nHEALTHCHECK CMD y\nFROM b\nUSER root\nHEALTHCHECK \\\n  CMD y", "it runs as root")]
    [InlineData("FROM a\nUSER app", "it has no health check")]
    public void A_mistake_in_a_Dockerfile_is_found(string dockerfile, string expected) =>
        Assert.Equal(expected, Assert.Single(ContainerFiles.Check(dockerfile, static path => path == "src")));

    [Fact]
    public void What_the_build_needs_is_not_kept_from_it()
    {
        var kept = Repository.Lines(Repository.Read(Folder + "Dockerfile.dockerignore"))
            .Where(static l => l.Line.StartsWith('!')).Select(static l => l.Line[1..]).ToArray();
        var needed = Repository.Paths(".").Where(static p => !p.Contains('/', StringComparison.Ordinal))
            .Where(static p => p.EndsWith(".props", StringComparison.Ordinal)
                || p.EndsWith(".json", StringComparison.Ordinal)
                || p is "BannedSymbols.txt" or ".editorconfig").ToArray();
        Assert.Contains("Directory.Build.props", needed);
        Assert.Subset(kept.ToHashSet(), needed.ToHashSet());
        Assert.Contains("src", kept);
    }

    [Fact]
    public void The_compose_file_mounts_what_exists_and_gives_the_gateway_no_rights()
    {
        var services = (YamlMappingNode)Compose()["services"];
        var gateway = (YamlMappingNode)services["gateway"];
        Assert.Equal("true", (string?)gateway["read_only"]);
        Assert.Equal(["ALL"], Strings(gateway["cap_drop"]));
        Assert.Equal(["no-new-privileges:true"], Strings(gateway["security_opt"]));
        Assert.True(Repository.Exists((string)gateway["build"]["dockerfile"]!));

        var volumes = ((YamlMappingNode)Compose()["volumes"]).Children.Keys.Select(static k => (string)k!).ToHashSet();
        foreach (var service in services.Children.Values)
        {
            foreach (var source in Strings(service["volumes"]).Select(static v => v.Split(':')[0]))
                Assert.True(volumes.Contains(source)
                    || File.Exists(Path.Combine(Repository.Root, Folder, source)), source);
        }
    }

    [Fact]
    public void The_example_beside_the_compose_file_names_its_schema_and_the_volume() => Assert.Multiple(
        static () => Assert.StartsWith(
            "# yaml-language-server: $schema=", Repository.Read(Folder + "edgetwin.yaml"), StringComparison.Ordinal),
        static () => Assert.Contains(
            "data: /var/lib/edgetwin", Repository.Read(Folder + "edgetwin.yaml"), StringComparison.Ordinal));

    private static YamlNode Compose()
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(Repository.Read(Folder + "compose.yaml")));
        return stream.Documents[0].RootNode;
    }

    private static string[] Strings(YamlNode node) => ((YamlSequenceNode)node).Select(static n => (string)n!).ToArray();
}
