using System.Text.Json;

namespace EdgeTwin.Diagnostics;

/// <summary>How enumerations are written for people: <c>ActiveUnacknowledged</c> as
/// <c>active-unacknowledged</c>.</summary>
internal static class Spelling
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
