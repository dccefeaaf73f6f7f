using EdgeTwin.Sources;
using EdgeTwin.Sources.OpcUa;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Configuration;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Sources.OpcUa;

public sealed class OpcUaSourceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly RecordingInbox inbox = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task It_comes_back_after_the_server_was_restarted_with_renumbered_namespaces_and_unchanged_values_too()
    {
        var peer = await OpcUaTestServer.StartAsync();
        var port = peer.Endpoint.Port;
        var context = Context(peer.Config(OpcUaReading.Subscribe),
            SourceContexts.Tag($"nsu={OpcUaTestServer.Uri};s=Plant.Still"), SourceContexts.Tag("browse:Plant/Flow"));
        using var stop = new CancellationTokenSource();
        var runner = new SourceRunner(context, OpcUaSource.Driver, inbox);
        var running = runner.RunAsync(stop.Token);
        await UntilAsync(() => LastOf(0).IsGood && LastOf(1).IsGood, "the first values");

        await peer.DisposeAsync();
        await UntilAsync(() => LastOf(0) == StatusCode.BadNoCommunication && LastOf(1) == StatusCode.BadNoCommunication,
            "the outage to be told");
        Assert.Equal(SourceState.Disconnected, runner.Status.State);

        await using var again = await OpcUaTestServer.StartAsync(port, namespacesBefore: 3);
        await UntilAsync(() => LastOf(0).IsGood && LastOf(1).IsGood, "the values after the outage");
        Assert.Equal(SourceState.Running, runner.Status.State);
        Assert.Equal(1, runner.Status.Reconnects);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_quiet_tag_can_be_asked_for_while_the_server_tells_of_others()
    {
        await using var peer = await OpcUaTestServer.StartAsync();
        var context = Context(peer.Config(OpcUaReading.Subscribe),
            SourceContexts.Tag($"nsu={OpcUaTestServer.Uri};s=Plant.Still"), SourceContexts.Tag("browse:Plant/Flow"));
        using var stop = new CancellationTokenSource();
        var runner = new SourceRunner(context, OpcUaSource.Driver, inbox);
        var running = runner.RunAsync(stop.Token);
        await UntilAsync(() => LastOf(0).IsGood, "the first value");
        var before = CountOf(0);
        Assert.True(runner.TryProbe(context.Tags[0].Definition.Id));
        await UntilAsync(() => CountOf(0) > before, "the answer");
        await stop.CancelAsync();
        await running;
    }

    [Theory]
    [InlineData(OpcUaReading.Cyclic)]
    [InlineData(OpcUaReading.Subscribe)]
    public async Task A_value_is_written_in_the_servers_own_type(object how)
    {
        var reading = (OpcUaReading)how;
        await using var peer = await OpcUaTestServer.StartAsync();
        var context = Context(peer.Config(reading),
            SourceContexts.Tag("browse:Plant/Still", TagDataType.Int32), SourceContexts.Tag("browse:Plant/Flow"));
        await using var source = OpcUaSource.Driver.Create(context);
        await source.ConnectAsync(CancellationToken.None);
        var writer = Assert.IsAssignableFrom<IWritableSource>(source);
        var written = await writer.WriteAsync(context.Tags[0].Definition.Id, TagValue.From(7), CancellationToken.None);
        Assert.Equal((StatusCode.Good, 7.0), (written, peer.Still.Get().Value.Get<double>()));
        Assert.Equal(StatusCode.BadNotWritable,
            await writer.WriteAsync(context.Tags[1].Definition.Id, TagValue.From(7.0), CancellationToken.None));
    }

    [Fact]
    public async Task What_a_wildcard_finds_is_written_to_the_tag_file_and_rows_that_are_there_stay()
    {
        await using var peer = await OpcUaTestServer.StartAsync();
        var file = folder.Write("found.csv", "name,source,address,type\nmine,plc,\"i=2258\",string\n");
        var config = peer.Config(OpcUaReading.Subscribe) with
        {
            Discover = ["browse:Plant/*", "browse:Nowhere/*"],
            Discovered = "found.csv",
        };
        var grown = "";
        var context = Context(config, SourceContexts.Tag("browse:Plant/Flow")) with
        {
            // A tag of another source has this name.
            IsNameTaken = name => name == "Run",
            OnTagFileGrown = name => grown = name,
        };
        using var stop = new CancellationTokenSource();
        var running = new SourceRunner(context, OpcUaSource.Driver, inbox).RunAsync(stop.Token);
        await UntilAsync(() => grown == "found.csv", "the file to grow");
        await stop.CancelAsync();
        await running;

        var lines = File.ReadAllLines(file);
        Assert.Equal("mine,plc,\"i=2258\",string", lines[1]);
        Assert.Contains($"Speed,plc,\"nsu={OpcUaTestServer.Uri};s=Plant.Speed\",int16", lines);
        Assert.Contains($"Run-2,plc,\"nsu={OpcUaTestServer.Uri};s=Plant.Run\",bool", lines);
        Assert.DoesNotContain(lines, line => line.Contains("Plant.Flow", StringComparison.Ordinal));
    }

    private SourceContext Context(OpcUaSourceConfig config, params TagConfig[] tags) =>
        SourceContexts.Make(config, tags, TimeProvider.System, baseFolder: folder.Path);

    private StatusCode LastOf(int tag)
    {
        var own = inbox.Samples.ToArray().Where(sample => sample.Tag.Index == tag).ToArray();
        return own.Length == 0 ? StatusCode.BadWaitingForInitialData : own[^1].Status;
    }

    private int CountOf(int tag) => inbox.Samples.ToArray().Count(sample => sample.Tag.Index == tag);

    private static async Task UntilAsync(Func<bool> isSo, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < RealTime.Patience, $"waited in vain for {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}
