namespace EdgeTwin.Tests.Tidy;

public class DocumentationTests
{
    [Fact]
    public void Every_configuration_member_is_documented()
    {
        var records = Repository.Code("src/EdgeTwin").Where(static f =>
            f.Path.EndsWith("Config.cs", StringComparison.Ordinal)).ToArray();
        Assert.Contains(records, static f => f.Path.EndsWith("/JournalConfig.cs", StringComparison.Ordinal));
        Assert.Empty(records.SelectMany(static f => DocumentationRules.CheckConfig(f.Path, f.Text)));
    }

    [Fact]
    public void What_a_protocol_library_shows_is_documented() => Assert.Empty(
        Repository.Code().Where(static f => IsLibrary(f.Path)).SelectMany(static f =>
            DocumentationRules.CheckPublic(f.Path, f.Text)));

    [Fact]
    public void A_member_without_documentation_is_found()
    {
        const string Record = """
            /// <summary>A pump.</summary>
            internal sealed record PumpConfig
            {
                /// <summary>Speed.</summary>
                [Range(
                    1, 2)]
                public int Speed { get; init; }

                public required string Name { get; init; }
            }
            """;
        Assert.Equal(
            ["x.cs:9: not documented: public required string Name { get; init; }"],
                DocumentationRules.CheckConfig("x.cs", Record));
    }

    [Fact]
    public void A_public_member_without_documentation_is_found()
    {
        const string Library = """
            /// <summary>A client.</summary>
            public sealed class Client
            {
                public int Port { get; }
                public override string ToString() => "";
                public void Dispose() { }
            }
            """;
        Assert.Equal(["x.cs:4: not documented: public int Port { get; }"],
            DocumentationRules.CheckPublic("x.cs", Library));
        Assert.Empty(DocumentationRules.CheckPublic("x.cs",
            Library.Replace("public sealed class", "internal sealed class", StringComparison.Ordinal)));
    }

    private static bool IsLibrary(string path) =>
        path.Split('/')[1] is not ("EdgeTwin" or "EdgeTwin.Tests" or "EdgeTwin.Benchmarks" or "EdgeTwin.OnnxRuntime");
}
