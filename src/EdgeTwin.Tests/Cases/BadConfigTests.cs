using EdgeTwin.Tests.Configuration;

namespace EdgeTwin.Tests.Cases;

/// <summary>
/// Each folder of <c>bad-config</c> holds a broken configuration and exactly the messages that a person gets for it.
/// EDGETWIN_WRITE_EXPECTED=1 writes the messages instead of comparing them; read them before they are committed.
/// </summary>
public class BadConfigTests
{
    private static readonly string Folder = Path.Combine(RepositoryFolder.Cases, "bad-config");

    public static TheoryData<string> Folders() =>
        [.. Directory.GetDirectories(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_broken_configuration_gets_exactly_these_messages(string name)
    {
        var folder = Path.Combine(Folder, name);
        var result = TestDriver.Loader.Load(Path.Combine(folder, "edgetwin.yaml"));

        var messages = string.Concat(
            result.Errors.Select(error => error.ToString().Replace(folder + "/", "").Replace(folder, ".") + "\n"));
        var expected = Path.Combine(folder, "expected.txt");
        if (Environment.GetEnvironmentVariable("EDGETWIN_WRITE_EXPECTED") == "1")
            File.WriteAllText(expected, messages);
        Assert.Equal(File.ReadAllText(expected), messages);
        Assert.NotEmpty(result.Errors);
        Assert.Null(result.Config);
    }

    [Fact]
    public void There_are_at_least_fifty_of_them() => Assert.True(Folders().Count >= 50);
}
