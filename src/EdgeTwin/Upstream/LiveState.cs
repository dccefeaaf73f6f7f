using EdgeTwin.Journal;
using EdgeTwin.Twin;

namespace EdgeTwin.Upstream;

/// <summary>The live state and what of the journal is certainly part of it.</summary>
/// <param name="Head">Samples up to here were applied before the state was taken; later ones may be.</param>
/// <param name="Tags">By <see cref="Tags.TagId.Index"/>.</param>
internal sealed record LiveState(Position Head, IReadOnlyList<TagSnapshot> Tags);
