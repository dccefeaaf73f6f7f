using EdgeTwin.Benchmarks;
using EdgeTwin.Journal;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Support;
using EdgeTwin.Upstream;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.Upstream;

/// <summary>
/// Six lives of a gateway, five of which end by a kill, with a broker that dies, resets in the middle of a message or
/// goes silent, a disk that is full for a while and a clock that is set. Afterwards an auditor at the far side counts.
/// </summary>
internal sealed class CrashSimulation(int seed)
{
    private const int Lives = 6;
    private readonly ManualTimeProvider clock = new();
    private readonly List<Position> received = [];
    private readonly FakeDisk disk = new();
    private readonly Random random = new(seed);

    // Two tags of ten are alarms, one behind the other, which go ahead of the rest.
    private readonly TagTable tags = BenchTags.Of(
        10, TagDataType.Int64, classOf: index => index is 3 or 4 ? TagClass.Alarm : TagClass.Process);

    private long most;

    /// <summary>Samples that came, repetitions included.</summary>
    public int Received => received.Count;

    /// <summary>Faults that cost a connection.</summary>
    public int Faults { get; private set; }

    /// <summary>Lives through everything; throws when the audit finds a fault of the gateway's.</summary>
    /// <exception cref="InvalidOperationException">What is wrong, with the seed.</exception>
    public async Task RunAsync()
    {
        var order = random.Next(4) == 0 ? DrainOrder.HistoryFirst : DrainOrder.LiveFirst;
        var plan = random.Next(2) == 0 ? new UplinkPlan(order) : UplinkPlan.From(Config(order), tags);
        for (var life = 0; life < Lives; life++)
        {
            var outbox = new FakeOutbox(disk);
            var uplink = new FakeUplink(received, random.Next(1, 40), random.Next(1, 60));
            var before = Faults;
            var pump = new UplinkPump("site", uplink, outbox, plan, clock, random,
                NullLogger.Instance);
            pump.Start();
            for (var i = 0; i < 150; i++) await ActAsync(outbox, uplink);
            outbox.IsFull = false;
            if (life < Lives - 1)
            {
                uplink.Kill();
                Faults++;
            }
            else
            {
                await DrainAsync(outbox, uplink);
            }

            await pump.DisposeAsync();
            most += (Faults - before) * uplink.Window * uplink.SamplesPerMessage;
        }

        Audit(order);
    }

    private static MqttUplinkConfig Config(DrainOrder order) =>
        new() { Driver = "mqtt", Endpoint = new Uri("mqtt://127.0.0.1"), Order = order };

    private async Task ActAsync(FakeOutbox outbox, FakeUplink uplink)
    {
        switch (random.Next(24))
        {
            case < 6:
                outbox.Append(random.Next(1, random.Next(3) == 0 ? 9000 : 100), clock.UtcNow);
                break;
            case < 8:
                outbox.Commit();
                break;
            case < 17:
                uplink.Step(random.Next(50), random.Next(50));
                break;
            case 17:
                // A reset in the middle: some have arrived, their acknowledgements never do.
                uplink.Step(random.Next(50), 0);
                Cut(uplink);
                break;
            case 18:
                if (uplink.Up) Cut(uplink);
                uplink.Up = !uplink.Up;
                break;
            case 19:
                // A black hole: nothing moves, then keep-alive finds it.
                clock.Advance(TimeSpan.FromSeconds(45));
                Cut(uplink);
                break;
            case 20:
                outbox.IsFull = !outbox.IsFull;
                break;
            case 21:
                clock.JumpWallClock(TimeSpan.FromSeconds(random.Next(-7200, 7200)));
                break;
            default:
                clock.Advance(TimeSpan.FromSeconds(random.NextDouble()));
                break;
        }

        for (var i = random.Next(12); i > 0; i--) await Task.Run(() => { }); // room for the pump's thread
    }

    private void Cut(FakeUplink uplink)
    {
        uplink.Cut();
        Faults++;
    }

    private async Task DrainAsync(FakeOutbox outbox, FakeUplink uplink)
    {
        outbox.Commit();
        uplink.Up = true;
        uplink.Auto = true;
        Cut(uplink);
        try
        {
            await clock.PassUntilAsync(() => outbox.Cursor == outbox.Head, TimeSpan.FromHours(1));
        }
        catch (TimeoutException stuck)
        {
            throw Wrong($"{outbox.Cursor} of {outbox.Head} were delivered; {stuck.Message}");
        }

        outbox.Commit();
    }

    // Per epoch a gap-free 1..n, and at least what was committed: a crash may have delivered more than was kept.
    private void Audit(DrainOrder order)
    {
        var known = new HashSet<Position>();
        var last = new Dictionary<long, long>();
        foreach (var place in received)
        {
            if (!known.Add(place)) continue;
            var before = last.GetValueOrDefault(place.Epoch);
            if (order == DrainOrder.HistoryFirst && place.Sequence < before)
                throw Wrong($"{place} came first after {before}, although history goes first");
            last[place.Epoch] = Math.Max(before, place.Sequence);
        }

        foreach (var (epoch, kept) in disk.Epochs)
        {
            var end = last.GetValueOrDefault(epoch);
            if (end < kept.Count) throw Wrong($"epoch {epoch} ends at {end} of {kept.Count}");
            for (var sequence = 1L; sequence <= end; sequence++)
                if (!known.Contains(new Position(epoch, sequence))) throw Wrong($"epoch {epoch} lacks {sequence}");
        }

        if (received.Count - known.Count > most)
            throw Wrong($"{received.Count - known.Count} samples came again; {Faults} faults explain {most}");
    }

    private InvalidOperationException Wrong(string what) => new($"seed {seed}: {what}");
}
