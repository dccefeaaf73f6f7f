using System.Runtime.CompilerServices;

namespace EdgeTwin.Tests.Configuration;

/// <summary>Folders of the repository that the tests were built from.</summary>
internal static class RepositoryFolder
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../.."));

    public static string Cases { get; } = Path.Combine(Root, "src/EdgeTwin.Tests/Cases");

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
