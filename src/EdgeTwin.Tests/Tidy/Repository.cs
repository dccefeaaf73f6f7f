using System.Text.RegularExpressions;

namespace EdgeTwin.Tests.Tidy;

/// <summary>The files of this repository as the author sees them: no build output, no fetched packages.</summary>
internal static partial class Repository
{
    private static readonly string[] NotOurs =
        ["bin", "obj", "node_modules", "TestResults", "artifacts", ".git", ".vs", ".idea"];

    public static string Root { get; } = FindRoot();

    /// <summary>Files under a folder, by ending, as (path from the root with '/', text), in order of their
    /// paths.</summary>
    public static IEnumerable<(string Path, string Text)> Files(string folder, params string[] endings) =>
        Paths(folder).Where(p => endings.Any(e => p.EndsWith(e, StringComparison.Ordinal))).Select(p => (p, Read(p)));

    /// <summary>Our C# code under a folder; generated files (<c>*.g.cs</c>) left out.</summary>
    public static IEnumerable<(string Path, string Text)> Code(string folder = "src") =>
        Files(folder, ".cs").Where(f => !f.Path.EndsWith(".g.cs", StringComparison.Ordinal));

    /// <summary>Every path under a folder that exists.</summary>
    public static IEnumerable<string> Paths(string folder) => Walk(Path.Combine(Root, folder))
        .Select(p => Path.GetRelativePath(Root, p).Replace('\\', '/')).Order(StringComparer.Ordinal);

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static bool Exists(string path) => Path.Exists(Path.Combine(Root, path));

    /// <summary>The lines of a text with their numbers from 1.</summary>
    public static IEnumerable<(int Number, string Line)> Lines(string text) =>
        text.TrimEnd('\n').Split('\n').Select((line, i) => (i + 1, line.TrimEnd('\r')));

    /// <summary>C# without what comments and strings say; line numbers stay.</summary>
    public static string WithoutCommentsAndStrings(string code) => CommentOrString().Replace(code, static m =>
        m.Value[0] == '/' ? Blank(m.Value) : "\"" + Blank(m.Value) + "\"");

    private static string Blank(string text) => new(text.Where(static c => c == '\n').ToArray());

    private static IEnumerable<string> Walk(string folder)
    {
        if (!Directory.Exists(folder)) return [];
        var below = Directory.EnumerateDirectories(folder).Where(d => !NotOurs.Contains(Path.GetFileName(d)));
        return Directory.EnumerateFiles(folder).Concat(below.SelectMany(Walk));
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "EdgeTwin.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("these tests run inside the repository");
        return folder.FullName;
    }

    // Comments; raw, verbatim and plain strings; characters. Interpolation holes go with their string.
    [GeneratedRegex("""
        //[^\n]*|/\*.*?\*/|"{3}.*?"{3}|\$?@\$?"(?:[^"]|"")*"|\$?"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.[^']*)'
        """, RegexOptions.Singleline, 10_000)]
    private static partial Regex CommentOrString();
}
