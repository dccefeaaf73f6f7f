using EdgeTwin.Sources;
using EdgeTwin.Sources.OpcUa;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Configuration;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Sources.OpcUa;

/// <summary>The contract of sources, kept by the OPC UA driver in both of its ways of reading.</summary>
public abstract class OpcUaSourceContract : SourceContractTests, IDisposable
{
    private readonly TemporaryFolder folder = new();
    private OpcUaTestServer? peer;

    private protected abstract OpcUaReading Reading { get; }

    private protected override SourceDriver Driver => OpcUaSource.Driver;

    private protected override string BaseFolder => folder.Path;

    private protected override IReadOnlyList<TagConfig> GoodTags =>
    [
        SourceContexts.Tag($"nsu={OpcUaTestServer.Uri};s=Plant.Flow"),
        SourceContexts.Tag($"nsu={OpcUaTestServer.Uri};s=Plant.Speed", TagDataType.Int32),
        SourceContexts.Tag("browse:Plant/Run", TagDataType.Bool),
        SourceContexts.Tag("browse:Plant/Name", TagDataType.String),
    ];

    private protected override TagConfig AbsentTag => SourceContexts.Tag($"nsu={OpcUaTestServer.Uri};s=Plant.Colour");

    private protected override TagConfig WrongTag => SourceContexts.Tag("ns=2;s=Plant.Flow");

    public void Dispose()
    {
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected override async Task<SourceConfig> StartPeerAsync()
    {
        peer = await OpcUaTestServer.StartAsync();
        return peer.Config(Reading);
    }

    private protected override async Task StopPeerAsync() => await peer!.DisposeAsync();
}
