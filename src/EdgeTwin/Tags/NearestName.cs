namespace EdgeTwin.Tags;

/// <summary>Finds the valid name that someone most likely meant.</summary>
internal static class NearestName
{
    // A letter in the wrong case is a quarter of a wrong letter, so that "kw" finds "kW" before "kg".
    private const int Edit = 4;

    private const int Longest = 128;

    /// <summary>The candidate with the smallest edit distance; null when none is near enough to be meant.</summary>
    public static string? Find(string written, IEnumerable<string> candidates)
    {
        if (written.Length is 0 or > Longest)
            return null;
        string? best = null;
        var bestDistance = (written.Length switch { 1 => 0, 2 => 1, <= 5 => 2, _ => 3 } * Edit) + 2;
        foreach (var candidate in candidates)
        {
            if (candidate.Length is 0 or > Longest
                || Math.Abs(candidate.Length - written.Length) * Edit >= bestDistance)
                continue;
            // People seldom mistype the first letter.
            var distance = Distance(written, candidate) + (
                char.ToLowerInvariant(candidate[0]) == char.ToLowerInvariant(written[0]) ? 0 : 1);
            if (distance < bestDistance && distance < Math.Max(candidate.Length, written.Length) * Edit)
                (best, bestDistance) = (candidate, distance);
        }

        return best;
    }

    /// <summary><c>; did you mean 'x'?</c>, or the list of what is valid when nothing is near and the list is
    /// short.</summary>
    public static string Hint(string written, IReadOnlyCollection<string> candidates, string listPrefix) =>
        Find(written, candidates) is { } near ? $"; did you mean '{near}'?"
        : candidates.Count is > 0 and <= 20 ? $"; {listPrefix} {string.Join(", ", candidates)}"
        : "";

    // Optimal string alignment: Levenshtein with swaps of neighbours, because those are how people mistype.
    private static int Distance(string a, string b)
    {
        Span<int> before = stackalloc int[b.Length + 1];
        Span<int> previous = stackalloc int[b.Length + 1];
        Span<int> current = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) previous[j] = j * Edit;
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i * Edit;
            for (var j = 1; j <= b.Length; j++)
            {
                current[j] =
                    Math.Min(Math.Min(current[j - 1], previous[j]) + Edit, previous[j - 1] + Cost(a[i - 1], b[j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    current[j] = Math.Min(current[j], before[j - 2] + Edit);
            }

            previous.CopyTo(before);
            current.CopyTo(previous);
        }

        return previous[b.Length];
    }

    private static int Cost(char a, char b) =>
        a == b ? 0 : char.ToLowerInvariant(a) == char.ToLowerInvariant(b) ? 1 : Edit;
}
