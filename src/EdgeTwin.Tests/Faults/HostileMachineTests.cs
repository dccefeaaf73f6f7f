using System.Net.Sockets;
using EdgeTwin.Hosting;
using EdgeTwin.Journal;
using EdgeTwin.Modbus;
using EdgeTwin.Sources;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Configuration;
using EdgeTwin.Tests.Peers;
using EdgeTwin.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace EdgeTwin.Tests.Faults;

/// <summary>A whole gateway that reads a machine which misbehaves and, beside it, one that does not.</summary>
[Collection(RealTime.Name)]
public sealed class HostileMachineTests(ITestOutputHelper log) : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private volatile Behaviour behaviour = Behaviour.Honest;

    public enum Behaviour
    {
        Honest,
        Stalls,
        AnswersLate,
        LiesAboutTheMessageLength,
        LiesAboutTheByteCount,
        Resets,
        Refuses,
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(Behaviour.Stalls, "BadTimeout")]
    [InlineData(Behaviour.AnswersLate, "BadTimeout")]
    [InlineData(Behaviour.LiesAboutTheMessageLength, "BadNoCommunication")]
    [InlineData(Behaviour.LiesAboutTheByteCount, "BadDecodingError")]
    [InlineData(Behaviour.Resets, "BadNoCommunication")]
    [InlineData(Behaviour.Refuses, "BadDeviceFailure")]
    public async Task A_machine_that_misbehaves_costs_its_own_tags_and_only_as_long_as_it_does(
        Behaviour misbehaviour, string quality)
    {
        await using var machine = new ModbusScriptedPeer(AnswerAsync);
        await using var neighbour = new ModbusScriptedPeer(static request => request.Right());
        // Short only where the timeout is what is tested: a busy machine delays honest answers too.
        var timeout = quality == "BadTimeout" ? "300ms" : "5s";
        var loaded = ConfigurationFile.Load(folder.Write("edgetwin.yaml", $$"""
            gateway: { id: hostile, data: ./data }
            asset: { path: acme/test/hostile }
            sources:
              machine:   { driver: modbus-tcp, endpoint: 127.0.0.1:{{machine.Port}}, scan: 50ms, timeout: {{timeout}} }
              neighbour: { driver: modbus-tcp, endpoint: 127.0.0.1:{{neighbour.Port}}, scan: 50ms, timeout: 5s }
            tags:
              poor:  { source: machine, address: holding:7, type: uint16 }
              sound: { source: neighbour, address: holding:5, type: uint16 }
            """));
        Assert.Empty(loaded.Errors);
        using var stop = new CancellationTokenSource();
        await using (var gateway = Gateway.Open(loaded, NullLoggerFactory.Instance, TimeProvider.System))
        {
            var running = gateway.RunAsync(stop.Token);
            await UntilAsync(gateway, "poor", "Good");
            await UntilAsync(gateway, "sound", "Good");

            behaviour = misbehaviour;
            await UntilAsync(gateway, async () => Quality(await gateway.StatusAsync(), "poor") != "Good");
            // The neighbour is read on while the fault lasts.
            var before = await ScansAsync(gateway);
            await UntilAsync(gateway, async () => await ScansAsync(gateway) >= before + 10);
            var during = await gateway.StatusAsync();
            Assert.StartsWith("Bad", Quality(during, "poor"));
            Assert.Equal("Good", Quality(during, "sound"));

            behaviour = Behaviour.Honest;
            await UntilAsync(gateway, "poor", "Good");
            Assert.Equal("7", (await gateway.StatusAsync()).Tags.Single(tag => tag.Name == "poor").Value);
            Assert.False(running.IsCompleted);
            await stop.CancelAsync();
            await running.WaitAsync(RealTime.Patience);
            Assert.Equal(0, Neighbour(await gateway.StatusAsync()).Reconnects);
        }

        using var journal = JournalReader.OpenReadOnly(Path.Combine(folder.Path, "data"));
        var poor = journal.ReadRaw("poor", DateTime.MinValue, DateTime.MaxValue)
            .Select(static sample => sample.Status).ToList();
        log.WriteLine(string.Join(' ', poor));
        // A machine that stays silent loses its connection in the end, so the first code is the one that tells why.
        Assert.Equal(quality, poor.First(static status => !status.IsGood).ToString());
        Assert.Equal((StatusCode.Good, StatusCode.Good), (poor[0], poor[^1]));
        Assert.All(
            journal.ReadRaw("sound", DateTime.MinValue, DateTime.MaxValue),
            static sample => Assert.Equal(StatusCode.Good, sample.Status));
    }

    private async Task AnswerAsync(ModbusPeerRequest request, NetworkStream stream)
    {
        var now = behaviour;
        switch (now)
        {
            case Behaviour.Stalls:
                while (behaviour == now) await PauseAsync(10);
                return;
            case Behaviour.AnswersLate:
                await PauseAsync(700);
                await stream.WriteAsync(request.Right());
                return;
            case Behaviour.LiesAboutTheMessageLength:
                var lie = request.Right();
                (lie[4], lie[5]) = (0xFF, 0xFF);
                await stream.WriteAsync(lie);
                return;
            case Behaviour.LiesAboutTheByteCount:
                var pdu = request.RightPdu();
                pdu[1] += 2;
                await stream.WriteAsync(ModbusPeerRequest.Frame(request.Transaction, request.Unit, pdu));
                return;
            case Behaviour.Resets:
                // Closed with a linger of zero: the peer gets RST, not FIN.
                stream.Socket.LingerState = new LingerOption(enable: true, seconds: 0);
                stream.Close();
                return;
            case Behaviour.Refuses:
                await stream.WriteAsync(request.Refused(ModbusExceptionCode.ServerDeviceFailure));
                return;
            default:
                await stream.WriteAsync(request.Right());
                return;
        }
    }

    private async Task UntilAsync(Gateway gateway, string tag, string quality) =>
        await UntilAsync(gateway, async () => Quality(await gateway.StatusAsync(), tag) == quality);

    private async Task UntilAsync(Gateway gateway, Func<Task<bool>> reached)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!await reached())
        {
            if (TimeProvider.System.GetElapsedTime(since) < RealTime.Patience)
            {
                await PauseAsync(10);
                continue;
            }

            var status = await gateway.StatusAsync();
            Assert.Fail($"{behaviour}: {string.Join(", ", status.Tags)}; {string.Join(", ", status.Sources)}");
        }
    }

    private static async Task<long> ScansAsync(Gateway gateway) =>
        Neighbour(await gateway.StatusAsync()).Scans;

    private static SourceStatus Neighbour(GatewayStatus status) =>
        status.Sources.Single(static source => source.Name == "neighbour");

    private static string Quality(GatewayStatus status, string tag) =>
        status.Tags.Single(known => known.Name == tag).Quality;

    private static Task PauseAsync(int milliseconds) =>
        Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);
}
