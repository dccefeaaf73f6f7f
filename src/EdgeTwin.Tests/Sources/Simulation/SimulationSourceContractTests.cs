using EdgeTwin.Sources;
using EdgeTwin.Sources.Simulation;
using EdgeTwin.Tags;

namespace EdgeTwin.Tests.Sources.Simulation;

public sealed class SimulationSourceContractTests : SourceContractTests
{
    private protected override SourceDriver Driver => SimulationSource.Driver;

    private protected override IReadOnlyList<TagConfig> GoodTags =>
    [
        SourceContexts.Tag("pump.flow"),
        SourceContexts.Tag("drive.run", TagDataType.Bool),
        SourceContexts.Tag("drive.speed", TagDataType.Int16),
        SourceContexts.Tag("tank.level", TagDataType.Float32),
    ];

    private protected override TagConfig AbsentTag => SourceContexts.Tag("pump.colour");

    private protected override TagConfig WrongTag => SourceContexts.Tag("pump.flwo");

    private protected override Task<SourceConfig> StartPeerAsync() => Task.FromResult<SourceConfig>(
        new SimulationConfig { Driver = "simulation", Scan = TimeSpan.FromMilliseconds(20) });
}
