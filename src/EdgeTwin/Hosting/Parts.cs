using EdgeTwin.Commands;
using EdgeTwin.Configuration;
using EdgeTwin.Journal;
using EdgeTwin.Prediction;
using EdgeTwin.Serving;
using EdgeTwin.Serving.OpcUa;
using EdgeTwin.Sources;
using EdgeTwin.Tags;
using EdgeTwin.Twin;
using EdgeTwin.Upstream;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Hosting;

/// <summary>Makes the parts of a gateway from a checked configuration.</summary>
internal static class Parts
{
    public static IReadOnlyList<Predictor> Predictors(
        ConfigResult configuration, ILoggerFactory logs, TimeProvider time, double speed)
    {
        var catalog = ModelCatalog.Open(
            configuration.Config!.Models, configuration.BaseFolder, symbol =>
            EngineeringUnits.TryParse(symbol, out var unit) ? unit : null,
            out var broken);
        var models = catalog.Bind(configuration.Tags!, out var unbound);
        return broken.Concat(unbound).FirstOrDefault() is { } error
            ? throw new ModelException($"model '{error.Model}': {error.Message}")
            : ModelCatalog.CreatePredictors(models, time, logs, speed);
    }

    public static IReadOnlyList<SourceRunner> Sources(
        ConfigResult configuration, ISampleInbox inbox, GatewayContext gateway)
    {
        var read = configuration.Tags!.All.ToLookup(tag => (tag.Origin as TagOrigin.Source)?.Name);
        return
        [
            .. from source in configuration.Config!.Sources
               let tags = read[source.Key].Select(tag =>
                   new SourceTag(tag, configuration.Config.Tags[tag.Name])).ToList()
               where tags.Count > 0
               let context = new SourceContext(
                   source.Key, source.Value, tags, gateway.Time, () => gateway.Clock.State,
                   gateway.Logs.CreateLogger($"EdgeTwin.Sources.{source.Key}"), configuration.BaseFolder)
               {
                   GatewayId = configuration.Config.Gateway.Id,
                   DataFolder = gateway.DataFolder,
                   OnTagFileGrown = gateway.OnTagFileGrown,
                   IsNameTaken = name => IsNameTaken(configuration, name),
               }
               select new SourceRunner(context,
                   SourceCatalog.Drivers.First(driver => driver.Name == source.Value.Driver), inbox),
        ];
    }

    public static IReadOnlyList<UplinkPump> Uplinks(
        ConfigResult configuration, SampleJournal journal, TwinEngine twin, ILoggerFactory logs, TimeProvider time)
    {
        var config = configuration.Config!;
        var context = new UplinkContext(config.Asset.Path, config.Gateway.Id, configuration.Tags!, time,
            configuration.BaseFolder)
        { Live = LiveAsync, Asset = config.Asset };
        return [.. config.Uplinks.Select(uplink => Pump(uplink.Key, uplink.Value))];

        UplinkPump Pump(string name, UplinkConfig uplink)
        {
            var logger = logs.CreateLogger($"EdgeTwin.Upstream.{name}");
            return new UplinkPump(
                name, UplinkCatalog.Create(uplink, context with { Name = name, Logger = logger }),
                journal.OpenOutbox(name), UplinkPlan.From(uplink, configuration.Tags!), time, Random.Shared, logger);
        }

        // The head first: what the journal holds by then, the twin has applied.
        async ValueTask<LiveState> LiveAsync(CancellationToken cancellation)
        {
            var head = journal.Status.Head;
            return new LiveState(head, (await twin.SnapshotAsync(cancellation)).Tags);
        }
    }

    private static bool IsNameTaken(ConfigResult configuration, string name) =>
        configuration.Config!.Asset.Components.ContainsKey(name)
        || (configuration.Tags!.TryFind(name, out var tag) && tag.Origin is not TagOrigin.Retired);

    public static ServedTwin Served(ConfigResult configuration, IReadOnlyList<DiagnosticItem> diagnostics) => new()
    {
        Asset = configuration.Asset!,
        Tags = configuration.Tags!.All,
        Diagnostics = diagnostics,
        NamespaceUri = configuration.Config!.Serving.Opcua?.NamespaceUri
            ?? ServedTwin.NamespaceUriOf(configuration.Asset!),
    };

    public static TwinServer Server(ConfigResult configuration, ServedTwin served, GatewayContext gateway)
    {
        var config = configuration.Config!;
        return new TwinServer(
            config.Serving.Opcua!, served, new RefusingCommandPort(),
            new ServingPlace(config.Gateway.Id, configuration.BaseFolder, gateway.DataFolder), gateway.Time,
            gateway.Logs.CreateLogger("EdgeTwin.Serving.OpcUa"));
    }
}
