using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace EdgeTwin.Configuration;

/// <summary>Bytes of a file to text: UTF-8 with or without byte order mark, of a sane size, without control
/// characters.</summary>
internal static class ConfigFileText
{
    /// <summary>A gateway with 20,000 tags has about 4 MB of configuration.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private static readonly UTF8Encoding Strict =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file; what is wrong is reported at the given position (of the reference to the file).</summary>
    public static bool TryRead(
        string path, string shownAs, ConfigErrors errors, ConfigPosition from, [NotNullWhen(true)] out string? text)
    {
        text = null;
        try
        {
            using var file =
                new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > MaxBytes)
            {
                errors.Add(
                    from, $"file '{shownAs}' has {file.Length / 1_048_576} MB; a configuration has at most "
                    + $"{MaxBytes / 1_048_576} MB");
                return false;
            }

            var bytes = new byte[(int)file.Length];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return TryDecode(bytes.AsSpan(0, length), shownAs, errors, out text);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            errors.Add(from, Directory.Exists(path) ? $"'{shownAs}' is a folder, not a file"
                : $"file '{shownAs}' is not there; its full path would be {path}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            errors.Add(from, Directory.Exists(path)
                ? $"'{shownAs}' is a folder, not a file"
                : $"file '{shownAs}' cannot be read: {failure.Message.TrimEnd('.')}");
        }

        return false;
    }

    /// <summary>Decodes a file's bytes; positions of what is wrong are in the file itself.</summary>
    public static bool TryDecode(
        ReadOnlySpan<byte> bytes, string file, ConfigErrors errors, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]))
        {
            errors.Add(new ConfigPosition(file, 1, 1), "the file is UTF-16; save it as UTF-8");
            return false;
        }

        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            bytes = bytes[3..];
        try
        {
            text = Strict.GetString(bytes);
        }
        catch (DecoderFallbackException failure)
        {
            var good = Encoding.UTF8.GetString(bytes[..Math.Clamp(failure.Index, 0, bytes.Length)]);
            var wrong = failure.BytesUnknown is [var first, ..] ? $" (byte 0x{first:X2})" : "";
            errors.Add(PositionAt(file, good, good.Length), $"the file is not UTF-8 here{wrong}; save it as UTF-8");
            return false;
        }

        for (var at = 0; at < text.Length; at++)
        {
            if (!char.IsControl(text[at]) || text[at] is '\t' or '\n' or '\r' or '\u0085')
                continue;
            errors.Add(PositionAt(file, text, at), $"control character U+{(int)text[at]:X4}; remove it");
            text = null;
            return false;
        }

        return true;
    }

    /// <summary>Line and column of a character.</summary>
    public static ConfigPosition PositionAt(string file, string text, int at)
    {
        var before = text.AsSpan(0, at);
        return new ConfigPosition(file, 1 + before.Count('\n'), at - before.LastIndexOf('\n'));
    }
}
