namespace EdgeTwin.OpcUa.Server.Events;

/// <summary>The pattern of the operator Like (OPC 10000-4 §7.7.3, table 118): <c>%</c> any characters, <c>_</c> one,
/// <c>[abc]</c> one of these, <c>[^abc]</c> one of the others, <c>\</c> takes the next one as it is.</summary>
/// <remarks>On a mismatch only the last <c>%</c> is tried again: what an earlier one could take more, the later one
/// can as well. So the time is at most length of text x length of pattern, whatever the pattern is; both are cut
/// short.</remarks>
internal static class LikePattern
{
    /// <summary>Longest pattern; a longer one is refused when the filter is created.</summary>
    public const int MaxLength = 1000;

    private const int MaxText = 4096;

    public static bool Matches(ReadOnlySpan<char> text, ReadOnlySpan<char> pattern)
    {
        text = text.Length > MaxText ? text[..MaxText] : text;
        if (pattern.Length > MaxLength)
        {
            return false;
        }

        var (t, p) = (0, 0);
        var (afterPercent, retryAt) = (-1, 0);
        while (true)
        {
            if (p < pattern.Length && pattern[p] == '%')
            {
                afterPercent = ++p;
                retryAt = t;
                continue;
            }

            if (t == text.Length && p == pattern.Length)
            {
                return true;
            }

            if (t < text.Length && p < pattern.Length && MatchesOne(text[t], pattern, ref p))
            {
                t++;
                continue;
            }

            if (afterPercent < 0 || retryAt >= text.Length)
            {
                return false;
            }

            t = ++retryAt;
            p = afterPercent;
        }
    }

    // Steps over one element of the pattern when it takes the character.
    private static bool MatchesOne(char c, ReadOnlySpan<char> pattern, ref int p)
    {
        var length = 1;
        bool matches;
        switch (pattern[p])
        {
            case '_':
                matches = true;
                break;
            case '\\' when p + 1 < pattern.Length:
                length = 2;
                matches = pattern[p + 1] == c;
                break;
            case '[' when pattern[(p + 1)..].IndexOf(']') is > 0 and var end:
                length = end + 2;
                matches = IsInSet(c, pattern.Slice(p + 1, end));
                break;
            default:
                matches = pattern[p] == c;
                break;
        }

        p += matches ? length : 0;
        return matches;
    }

    private static bool IsInSet(char c, ReadOnlySpan<char> set)
    {
        var negated = set.Length > 1 && set[0] == '^';
        set = negated ? set[1..] : set;
        for (var i = 0; i < set.Length; i++)
        {
            // a-z is a range; a hyphen at either end is itself.
            if (i + 2 < set.Length && set[i + 1] == '-')
            {
                if (c >= set[i] && c <= set[i + 2])
                {
                    return !negated;
                }

                i += 2;
            }
            else if (set[i] == c)
            {
                return !negated;
            }
        }

        return negated;
    }
}
