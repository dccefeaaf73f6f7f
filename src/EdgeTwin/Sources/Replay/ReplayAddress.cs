using System.Diagnostics.CodeAnalysis;

namespace EdgeTwin.Sources.Replay;

/// <summary>Address of a recorded value: <c>column:Name</c>, the name as in the header.</summary>
internal static class ReplayAddress
{
    private const string Prefix = "column:";

    public static bool TryParse(string address, [NotNullWhen(true)] out string? column)
    {
        column = address.StartsWith(Prefix, StringComparison.Ordinal) ? address[Prefix.Length..].Trim() : null;
        return !string.IsNullOrEmpty(column);
    }
}
