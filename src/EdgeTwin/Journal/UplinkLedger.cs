namespace EdgeTwin.Journal;

/// <summary>What became of every sample on the way to one uplink.</summary>
/// <param name="Uplink">Its name.</param>
/// <param name="Cursor">Everything up to here is settled.</param>
/// <param name="Epochs">By epoch, the oldest first.</param>
/// <param name="Earlier">Samples delivered and left out in epochs that are too old to be listed.</param>
internal sealed record UplinkLedger(
    string Uplink, Position Cursor, IReadOnlyList<EpochLedger> Epochs, (long Delivered, long Filtered) Earlier);
