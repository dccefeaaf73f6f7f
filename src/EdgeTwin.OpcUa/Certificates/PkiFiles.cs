using System.Security;
using System.Security.Cryptography;
using System.Text;
using TextEncoding = System.Text.Encoding;

namespace EdgeTwin.OpcUa.Certificates;

/// <summary>Files of a pki folder: names, DER or PEM, and writing that a power cut cannot leave half done.</summary>
internal static class PkiFiles
{
    /// <summary>Largest file that is read: a revocation list of a large authority fits.</summary>
    public const int LargestFile = 16 * 1024 * 1024;

    private const UnixFileMode ForAll =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode ForOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode FolderForOwner = ForOwner | UnixFileMode.UserExecute;

    /// <summary>The Foundation's file name: <c>Common Name [THUMBPRINT]</c>, without extension. What a peer wrote into
    /// its certificate cannot leave the folder.</summary>
    public static string NameOf(string commonName, string thumbprint)
    {
        var name = new StringBuilder();
        foreach (var c in commonName)
        {
            if (name.Length == 60) break;
            name.Append(char.IsAsciiLetterOrDigit(c) || c is ' ' or '-' or '_' or '@' ? c : '_');
        }

        return $"{name.ToString().Trim()} [{thumbprint}]";
    }

    /// <summary>The blocks of a file: what is between PEM lines, or the whole file as DER.</summary>
    /// <param name="path">File to read.</param>
    /// <param name="label">PEM label, such as <c>CERTIFICATE</c>.</param>
    /// <returns>Empty when the file is too large or has no such block.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<byte[]> Read(string path, string label)
    {
        if (new FileInfo(path).Length > LargestFile) return [];
        var bytes = File.ReadAllBytes(path);
        if (bytes.AsSpan().IndexOf("-----BEGIN "u8) < 0) return bytes.Length == 0 ? [] : [bytes];
        var found = new List<byte[]>();
        var text = TextEncoding.ASCII.GetString(bytes).AsSpan();
        while (PemEncoding.TryFind(text, out var fields))
        {
            if (text[fields.Label].SequenceEqual(label))
                found.Add(Convert.FromBase64String(text[fields.Base64Data].ToString()));
            text = text[fields.Location.End..];
        }

        return found;
    }

    /// <summary>Makes a folder; one for keys can be entered by its owner only.</summary>
    public static void MakeFolder(string path, bool secret = false)
    {
        if (OperatingSystem.IsWindows() || !secret) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, FolderForOwner);
    }

    /// <summary>Writes a file under a temporary name, on to the disk, and renames it.</summary>
    /// <param name="path">The file's final name.</param>
    /// <param name="content">Content.</param>
    /// <param name="secret">Whether only the owner may read it; so from its first byte on.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, bool secret = false)
    {
        var temporary = path + ".new";
        File.Delete(temporary); // What a power cut left; it may have another mode.
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = secret ? ForOwner : ForAll;
        using (var file = new FileStream(temporary, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Whether reading a file failed for a reason that lies with the file or the disk.</summary>
    public static bool IsFileProblem(Exception failed) =>
        failed is IOException or UnauthorizedAccessException or SecurityException or FormatException;
}
