using EdgeTwin.Hosting;

namespace EdgeTwin.Cli;

/// <summary>The last line of <c>run --json</c> and <c>demo --json</c>: what was read, journaled, predicted, alarmed and
/// delivered.</summary>
/// <param name="Read">Samples read by the sources.</param>
/// <param name="Journaled">Samples that are committed in the journal, since the start of this run.</param>
/// <param name="JournalBytes">Size of the journal on disk.</param>
/// <param name="Predicted">Inferences made.</param>
/// <param name="Alarmed">Alarms that became active.</param>
/// <param name="Delivered">Samples proven delivered, over all uplinks.</param>
/// <param name="Lag">Samples not yet delivered by the uplink that is furthest behind.</param>
internal sealed record RunSummary(
    long Read, long Journaled, long JournalBytes, long Predicted, long Alarmed, long Delivered, long Lag)
{
    public static RunSummary From(GatewayStatus status) => new(
        status.Sources.Sum(source => source.Samples), status.Journal.Committed.Sequence, status.Journal.SizeBytes,
        status.Models.Sum(model => model.Inferences), status.AlarmsRaised,
        status.Uplinks.Sum(uplink => uplink.Acknowledged),
        status.Uplinks.Select(uplink => uplink.LagSamples).DefaultIfEmpty().Max());
}
