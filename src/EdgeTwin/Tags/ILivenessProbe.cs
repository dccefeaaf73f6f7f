namespace EdgeTwin.Tags;

/// <summary>
/// Asks a source to read a silent tag back. The answer arrives as an ordinary sample: good and unchanged means the tag
/// is quiet, bad or no answer within the source's time-out means it is dead.
/// </summary>
internal interface ILivenessProbe
{
    /// <summary>Requests a read-back; false where the source of the tag cannot do it. Never blocks.</summary>
    bool TryProbe(TagId tag);
}
