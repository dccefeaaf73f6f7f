using EdgeTwin.Tags;

namespace EdgeTwin.Twin;

/// <summary>Where no source can read a tag back, silence alone tells.</summary>
internal sealed class NoProbe : ILivenessProbe
{
    public static readonly NoProbe Instance = new();

    public bool TryProbe(TagId tag) => false;
}
