namespace EdgeTwin.Tags;

/// <summary>For each tag, which of a list of readers (derived tags, alarms, models) read it.</summary>
internal sealed class TagDependants
{
    private readonly int[] starts;
    private readonly int[] readers;

    /// <param name="tagCount">Number of tags in the table.</param>
    /// <param name="references">What each reader reads, in the order of the readers.</param>
    public TagDependants(int tagCount, IEnumerable<IEnumerable<TagId>> references)
    {
        var pairs = references.SelectMany((tags, reader) => tags.Select(tag => (Tag: tag.Index, Reader: reader)))
            .OrderBy(pair => pair.Tag).ThenBy(pair => pair.Reader).ToArray();
        readers = Array.ConvertAll(pairs, pair => pair.Reader);
        starts = new int[tagCount + 1];
        foreach (var pair in pairs) starts[pair.Tag + 1]++;
        for (var tag = 0; tag < tagCount; tag++) starts[tag + 1] += starts[tag];
    }

    /// <summary>The readers of a tag, in order.</summary>
    public ReadOnlySpan<int> Of(int tag) => readers.AsSpan(starts[tag]..starts[tag + 1]);
}
