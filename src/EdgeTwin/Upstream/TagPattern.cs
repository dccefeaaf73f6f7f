namespace EdgeTwin.Upstream;

/// <summary>Names of tags with <c>*</c> for any characters and <c>?</c> for one.</summary>
internal static class TagPattern
{
    /// <summary>Whether a name fits; upper and lower case differ, as in names.</summary>
    public static bool Fits(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        int at = 0, place = 0, star = -1, retry = 0;
        while (place < name.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                star = at++;
                retry = place;
            }
            else if (at < pattern.Length && (pattern[at] == '?' || pattern[at] == name[place]))
            {
                at++;
                place++;
            }
            else if (star >= 0)
            {
                at = star + 1; // the star takes one more character
                place = ++retry;
            }
            else
            {
                return false;
            }
        }

        while (at < pattern.Length && pattern[at] == '*') at++;
        return at == pattern.Length;
    }

    /// <summary>What is wrong with a pattern; null when it is one.</summary>
    public static string? Problem(string pattern)
    {
        if (pattern.Length == 0) return "a pattern is empty; write a name, or * for all";
        foreach (var character in pattern)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('_' or '-' or '.' or '*' or '?'))
                return $"'{pattern}' has '{character}'; names have letters, digits and _ - . only, * stands for any "
                    + "characters and ? for one";
        }

        return null;
    }
}
