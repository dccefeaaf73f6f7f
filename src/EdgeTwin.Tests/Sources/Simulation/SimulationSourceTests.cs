using EdgeTwin.Sources;
using EdgeTwin.Sources.Simulation;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Sources.Simulation;

public class SimulationSourceTests
{
    private static readonly string[] Addresses = [.. SimulationPoint.All.Select(point => point.Address)];

    private readonly ManualTimeProvider time = new();

    [Fact]
    public async Task The_same_seed_gives_the_same_samples_and_another_one_other_noise()
    {
        var first = await RecordAsync(Config() with { Seed = 3, Noise = 0.01 });
        var again = await RecordAsync(Config() with { Seed = 3, Noise = 0.01 });
        var other = await RecordAsync(Config() with { Seed = 4, Noise = 0.01 });
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);

        async Task<List<TagValue>> RecordAsync(SimulationConfig config)
        {
            var (source, _) = Make(config);
            var values = new List<TagValue>();
            for (var i = 0; i < 20; i++)
            {
                values.AddRange((await ScanAsync(source)).Values);
                time.Advance(TimeSpan.FromMilliseconds(250));
            }

            return values;
        }
    }

    [Fact]
    public async Task Plant_time_runs_faster_by_the_speed_factor()
    {
        var (slow, _) = Make(Config());
        var (fast, _) = Make(Config() with { SpeedFactor = 60 });
        time.Advance(TimeSpan.FromSeconds(60));
        var after60 = await ScanAsync(slow);
        var (reference, _) = Make(Config() with { SpeedFactor = 60 });
        var restart = await ScanAsync(fast);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(after60["motor.energy"].AsDouble(), (await ScanAsync(reference))["motor.energy"].AsDouble());
        Assert.True(restart["motor.energy"].AsDouble() > 40 * after60["motor.energy"].AsDouble());
    }

    [Fact]
    public async Task A_written_speed_setpoint_changes_the_flow()
    {
        var (source, context) = Make(Config());
        time.Advance(TimeSpan.FromSeconds(30));
        var before = (await ScanAsync(source))["pump.flow"].AsDouble();
        Assert.Equal(StatusCode.Good, await WriteAsync(source, context, "drive.speed-setpoint", 2200));
        time.Advance(TimeSpan.FromSeconds(30));
        var after = await ScanAsync(source);
        Assert.True(after["pump.flow"].AsDouble() < 0.8 * before);
        Assert.Equal(2200, after["drive.speed"].AsDouble(), tolerance: 1);
    }

    [Fact]
    public async Task Valve_run_wear_and_clog_can_be_written_and_act()
    {
        var (source, context) = Make(Config());
        time.Advance(TimeSpan.FromSeconds(30));
        var flow = (await ScanAsync(source))["pump.flow"].AsDouble();
        Assert.True(flow > 5, "control");
        foreach (var (address, value) in new[] { ("pump.wear", 30d), ("pipe.clog", 20), ("valve.opening", 30),
            ("drive.run", 0) })
        {
            Assert.Equal(StatusCode.Good, await WriteAsync(source, context, address, value));
            time.Advance(TimeSpan.FromSeconds(30));
            var now = await ScanAsync(source);
            Assert.Equal(value, now[address].AsDouble(), tolerance: 1e-9);
            Assert.True(now["pump.flow"].AsDouble() < 0.97 * flow, address);
            flow = now["pump.flow"].AsDouble();
        }
    }

    [Fact]
    public async Task What_cannot_be_written_is_refused_with_its_reason()
    {
        var (manual, context) = Make(Config());
        Assert.Equal(StatusCode.BadNotWritable, await WriteAsync(manual, context, "pump.flow", 1));
        Assert.Equal(StatusCode.BadOutOfRange, await WriteAsync(manual, context, "valve.opening", 101));
        Assert.Equal(StatusCode.BadTypeMismatch, await WriteAsync(manual, context, "valve.opening", double.NaN));
        Assert.Equal(StatusCode.BadInvalidState, await WriteAsync(manual, context, "controller.setpoint", 20));
        var (automatic, other) = Make(Config() with { Control = SimulationControl.Flow });
        Assert.Equal(StatusCode.BadInvalidState, await WriteAsync(automatic, other, "drive.speed-setpoint", 2000));
    }

    [Theory]
    [InlineData(nameof(SimulationControl.Flow), "pump.flow", 18, 60)]
    [InlineData(nameof(SimulationControl.Flow), "pump.flow", 24, 60)]
    [InlineData(nameof(SimulationControl.Level), "tank.level", 1.2, 3600)]
    public async Task The_controller_holds_its_setpoint_also_against_wear(string control, string address,
        double setpoint, int seconds)
    {
        var (source, context) = Make(Config() with
        {
            Control = Enum.Parse<SimulationControl>(control),
            ControllerSetpoint = setpoint,
            Demand = 65,
        });
        time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal(setpoint, (await ScanAsync(source))[address].AsDouble(), tolerance: 0.02 * setpoint);
        await WriteAsync(source, context, "pump.wear", 20);
        time.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal(setpoint, (await ScanAsync(source))[address].AsDouble(), tolerance: 0.02 * setpoint);
    }

    [Fact]
    public async Task Configured_wear_and_clogging_grow_while_it_runs()
    {
        var (source, context) = Make(Config() with { WearPerHour = 3600, ClogPerHour = 1800 });
        time.Advance(TimeSpan.FromSeconds(20));
        var running = await ScanAsync(source);
        Assert.Equal(20, running["pump.wear"].AsDouble(), tolerance: 0.2);
        Assert.InRange(running["pipe.clog"].AsDouble(), 5, 10); // water flows once the head is reached
        await WriteAsync(source, context, "drive.run", 0);
        time.Advance(TimeSpan.FromSeconds(20));
        var stopping = await ScanAsync(source);
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(stopping["pump.wear"], (await ScanAsync(source))["pump.wear"]);
    }

    [Fact]
    public async Task Noise_has_the_configured_size_and_spares_what_is_not_measured()
    {
        var (source, _) = Make(Config() with { Noise = 0.01, Run = false });
        var levels = new List<double>();
        for (var i = 0; i < 2000; i++)
        {
            var scan = await ScanAsync(source);
            levels.Add(scan["motor.current"].AsDouble()); // stands still at 0
            Assert.Equal(100, scan["valve.opening"].AsDouble());
        }

        var sigma = Math.Sqrt(levels.Sum(v => v * v) / levels.Count);
        Assert.Equal(0.12, sigma, tolerance: 0.01); // 1 % of 12 A
        Assert.InRange(levels.Average(), -0.012, 0.012);
    }

    [Fact]
    public async Task A_scan_allocates_nothing()
    {
        var (source, _) = Make(Config());
        var inbox = new ReturningInbox();
        for (var i = 0; i < 2000; i++) await source.ReadAsync(inbox, CancellationToken.None);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            await source.ReadAsync(inbox, CancellationToken.None); // completes at once, so this stays on one thread

        // The pool of batches is shared with tests that run beside this one, so now and then one may be new.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Theory]
    [InlineData("pump.flwo", "address", "did you mean 'pump.flow'?")]
    [InlineData("nonsense-far-away", "address", "it has drive.run, drive.speed-setpoint")]
    public void An_unknown_address_is_told_with_the_nearest_one(string address, string key, string message)
    {
        var error = Assert.Single(SimulationPoint.CheckTag(Config(), SourceContexts.Tag(address)));
        Assert.Equal(key, error.Key);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void A_text_or_a_switch_cannot_hold_a_measurement()
    {
        Assert.Equal("type",
            Assert.Single(SimulationPoint.CheckTag(Config(), SourceContexts.Tag("pump.flow", TagDataType.String))).Key);
        Assert.Equal("type",
            Assert.Single(SimulationPoint.CheckTag(Config(), SourceContexts.Tag("pump.flow", TagDataType.Bool))).Key);
        Assert.Empty(SimulationPoint.CheckTag(Config(), SourceContexts.Tag("drive.run", TagDataType.Bool)));
    }

    private static SimulationConfig Config() => new() { Driver = "simulation", Noise = 0 };

    private (ISource Source, SourceContext Context) Make(SimulationConfig config)
    {
        var context = SourceContexts.Make(config, [.. Addresses.Select(address => SourceContexts.Tag(address))], time);
        var source = SimulationSource.Driver.Create(context);
        Assert.True(source.ConnectAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully);
        return (source, context);
    }

    private static async Task<Dictionary<string, TagValue>> ScanAsync(ISource source)
    {
        var inbox = new RecordingInbox();
        await source.ReadAsync(inbox, CancellationToken.None);
        return inbox.Samples.ToDictionary(sample => Addresses[sample.Tag.Index], sample => sample.Value);
    }

    private static async Task<StatusCode> WriteAsync(ISource source, SourceContext context, string address,
        double value)
    {
        var tag = context.Tags.Single(one => one.Config.Address == address).Definition.Id;
        return await ((IWritableSource)source).WriteAsync(tag, TagValue.From(value), CancellationToken.None);
    }
}
