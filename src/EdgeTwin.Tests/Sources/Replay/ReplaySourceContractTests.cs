using EdgeTwin.Sources;
using EdgeTwin.Sources.Replay;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Sources.Replay;

public sealed class ReplaySourceContractTests : SourceContractTests, IDisposable
{
    private readonly TemporaryFolder folder = new();

    private protected override SourceDriver Driver => ReplaySource.Driver;

    private protected override bool IsTold => true;

    private protected override string BaseFolder => folder.Path;

    private protected override IReadOnlyList<TagConfig> GoodTags =>
    [
        SourceContexts.Tag("column:flow"),
        SourceContexts.Tag("column:state", TagDataType.String),
        SourceContexts.Tag("column:count", TagDataType.Int64),
    ];

    private protected override TagConfig AbsentTag => SourceContexts.Tag("column:nothing");

    private protected override TagConfig WrongTag => SourceContexts.Tag("flow");

    public void Dispose() => folder.Dispose();

    private protected override Task<SourceConfig> StartPeerAsync()
    {
        var rows = Enumerable.Range(0, 50).Select(i => $"2020-02-08 13:30:{i:00};{i * 0.5};run;{9007199254740993 + i}");
        folder.Write("pump.csv", "datetime;flow;state;count\n" + string.Join('\n', rows));
        return Task.FromResult<SourceConfig>(new ReplayConfig
        {
            Driver = "replay",
            Files = ["pump.csv"],
            Speed = 100,
            Loop = true,
            Timestamps = ReplayTimestamps.Original,
        });
    }
}
