namespace EdgeTwin.Tags;

/// <summary>Dense index of a tag in its <see cref="TagTable"/>; valid within one run of the process only.</summary>
/// <param name="Index">0 … number of tags − 1.</param>
internal readonly record struct TagId(int Index)
{
    public override string ToString() => $"#{Index}";
}
