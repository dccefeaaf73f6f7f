using EdgeTwin.Modbus;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Peers;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Modbus.Driver;

/// <summary>The driver against a scripted device: what turns bad, with which code, and what does not.</summary>
public class ModbusTcpSourceTests
{
    private readonly ManualTimeProvider time = new();

    [Fact]
    public async Task A_scan_reads_every_tag_once_and_posts_a_batch_per_answer()
    {
        await using var peer = new ModbusScriptedPeer(request => request.Right());
        await using var driver =
            new ModbusDriverHarness(peer.Port, time, ModbusDriverHarness.Holding(Enumerable.Range(0, 300)));
        await driver.ConnectAsync();
        time.Advance(TimeSpan.FromSeconds(3));
        await driver.ScanAsync();

        Assert.Equal([125, 125, 50], driver.Batches.Select(batch => batch.Length));
        Assert.Equal(TagValue.From((ushort)299), driver.Last["r299"].Value);
        Assert.All(driver.Last.Values, sample => Assert.Equal(
            (StatusCode.Good, time.UtcNow, DateTimeKind.Utc, ClockState.Synchronised),
            (sample.Status, sample.ReceiveTime, sample.SourceTime.Kind, sample.Clock)));
    }

    [Fact]
    public async Task One_refused_register_costs_none_of_its_neighbours_in_the_same_scan()
    {
        var refuse = true;
        await using var peer = new ModbusScriptedPeer(request => Volatile.Read(ref refuse) && Covers(request, 50)
            ? request.Refused(ModbusExceptionCode.IllegalDataAddress) : request.Right());
        await using var driver =
            new ModbusDriverHarness(peer.Port, time, ModbusDriverHarness.Holding(Enumerable.Range(0, 100)));
        await driver.ConnectAsync();

        await driver.ScanAsync();
        AssertOnlyBad(driver, StatusCode.BadNodeIdUnknown, "r50");

        // What was learnt stays: the second scan takes two requests and no trial.
        var before = peer.Requests;
        await driver.ScanAsync();
        Assert.Equal(2, peer.Requests - before);
        AssertOnlyBad(driver, StatusCode.BadNodeIdUnknown, "r50");

        // And it is tried again, rarely; once it answers, all is one request again.
        Volatile.Write(ref refuse, false);
        time.Advance(TimeSpan.FromSeconds(61));
        await driver.ScanAsync();
        Assert.Equal(StatusCode.Good, driver.Status("r50"));
        before = peer.Requests;
        await driver.ScanAsync();
        Assert.Equal(1, peer.Requests - before);
    }

    [Fact]
    public async Task A_refused_gap_between_two_tags_costs_neither()
    {
        await using var peer = new ModbusScriptedPeer(request =>
            Covers(request, 3) ? request.Refused(ModbusExceptionCode.IllegalDataAddress) : request.Right());
        await using var driver = new ModbusDriverHarness(peer.Port, time, ModbusDriverHarness.Holding(0, 1, 2, 5, 6));
        await driver.ConnectAsync();
        await driver.ScanAsync();
        AssertOnlyBad(driver, StatusCode.Good);
        var before = peer.Requests;
        await driver.ScanAsync();
        Assert.Equal(2, peer.Requests - before);
    }

    [Fact]
    public async Task A_device_that_gives_less_than_it_is_asked_for_is_asked_for_less()
    {
        await using var peer = new ModbusScriptedPeer(request =>
            request.Quantity > 20 ? request.Refused(ModbusExceptionCode.IllegalDataValue) : request.Right());
        await using var driver =
            new ModbusDriverHarness(peer.Port, time, ModbusDriverHarness.Holding(Enumerable.Range(0, 100)));
        await driver.ConnectAsync();
        await driver.ScanAsync();
        AssertOnlyBad(driver, StatusCode.Good);
        var before = peer.Requests;
        await driver.ScanAsync();
        Assert.InRange(peer.Requests - before, 5, 8); // 5 would be the fewest;
    }

    [Fact]
    public async Task A_device_that_refuses_everything_is_not_flooded_and_comes_back_whole()
    {
        var refuse = true;
        await using var peer = new ModbusScriptedPeer(request => Volatile.Read(ref refuse)
            ? request.Refused(ModbusExceptionCode.IllegalDataAddress) : request.Right());
        await using var driver =
            new ModbusDriverHarness(peer.Port, time, ModbusDriverHarness.Holding(Enumerable.Range(0, 125)));
        await driver.ConnectAsync();
        await driver.ScanAsync();
        Assert.InRange(peer.Requests, 1, 110);
        Assert.All(driver.Last.Values, sample => Assert.Equal(StatusCode.BadNodeIdUnknown, sample.Status));
        for (var i = 0; i < 5; i++) await driver.ScanAsync();
        Assert.Equal(125, driver.Last.Count);

        Volatile.Write(ref refuse, false);
        time.Advance(TimeSpan.FromSeconds(61));
        for (var i = 0; i < 40; i++) await driver.ScanAsync();
        AssertOnlyBad(driver, StatusCode.Good);
    }

    [Theory]
    [InlineData(ModbusExceptionCode.IllegalFunction, nameof(StatusCode.BadNotSupported))]
    [InlineData(ModbusExceptionCode.ServerDeviceFailure, nameof(StatusCode.BadDeviceFailure))]
    [InlineData(ModbusExceptionCode.ServerDeviceBusy, nameof(StatusCode.BadResourceUnavailable))]
    [InlineData(ModbusExceptionCode.GatewayPathUnavailable, nameof(StatusCode.BadNoCommunication))]
    [InlineData(ModbusExceptionCode.GatewayTargetFailedToRespond, nameof(StatusCode.BadTimeout))]
    [InlineData((ModbusExceptionCode)0x55, nameof(StatusCode.BadUnexpectedError))]
    [InlineData((ModbusExceptionCode)0, nameof(StatusCode.BadUnexpectedError))]
    public async Task Other_exceptions_turn_the_tags_of_their_request_bad_and_no_others(ModbusExceptionCode code,
        string status)
    {
        await using var peer =
            new ModbusScriptedPeer(request => Covers(request, 0) ? request.Refused(code) : request.Right());
        await using var driver = new ModbusDriverHarness(peer.Port, time, ModbusDriverHarness.Holding(0, 1, 300));
        await driver.ConnectAsync();
        await driver.ScanAsync();
        Assert.Equal((status, status, "Good"),
            (driver.Status("r0").ToString(), driver.Status("r1").ToString(), driver.Status("r300").ToString()));
    }

    [Fact]
    public async Task A_busy_device_is_asked_again_in_the_same_scan()
    {
        await using var peer = new ModbusScriptedPeer(request =>
            request.Number == 1 ? request.Refused(ModbusExceptionCode.ServerDeviceBusy) : request.Right());
        await using var driver = new ModbusDriverHarness(peer.Port, time, ModbusDriverHarness.Holding(0, 300));
        await driver.ConnectAsync();
        await driver.ScanAsync();
        AssertOnlyBad(driver, StatusCode.Good);
    }

    [Fact]
    public async Task A_lie_about_the_byte_count_turns_its_tags_bad_and_no_others()
    {
        await using var peer = new ModbusScriptedPeer(request =>
        {
            var answer = request.Right();
            if (Covers(request, 0)) answer[8] = 255;
            return answer;
        });
        await using var driver = new ModbusDriverHarness(peer.Port, time, ModbusDriverHarness.Holding(0, 300));
        await driver.ConnectAsync();
        await driver.ScanAsync();
        AssertOnlyBad(driver, StatusCode.BadDecodingError, "r0");
    }

    [Fact]
    public async Task A_request_without_an_answer_is_sent_again_and_then_turns_its_own_tags_bad()
    {
        await using var peer = new ModbusScriptedPeer((request, stream) =>
            Covers(request, 0) ? Task.CompletedTask : stream.WriteAsync(request.Right()).AsTask());
        await using var driver = new ModbusDriverHarness(peer.Port, time, ModbusDriverHarness.Holding(0, 300));
        await driver.ConnectAsync();
        var scan = driver.ScanAsync();
        await ExpireAsync(peer, 2);
        await scan;
        AssertOnlyBad(driver, StatusCode.BadTimeout, "r0");
    }

    [Fact]
    public async Task A_device_that_stays_silent_ends_the_connection_after_three_timeouts()
    {
        await using var peer = new ModbusScriptedPeer((_, _) => Task.CompletedTask);
        await using var driver = new ModbusDriverHarness(peer.Port, time, ModbusDriverHarness.Holding(0, 300));
        await driver.ConnectAsync();
        var scan = driver.ScanAsync();
        await ExpireAsync(peer, 3);
        await Assert.ThrowsAsync<TimeoutException>(() => scan);
        Assert.Equal(StatusCode.BadTimeout, driver.Status("r0"));
    }

    [Fact]
    public async Task A_lost_framing_ends_the_connection()
    {
        await using var peer = new ModbusScriptedPeer(request =>
        {
            var answer = request.Right();
            answer[3] = 1;
            return answer;
        });
        await using var driver = new ModbusDriverHarness(peer.Port, time, ModbusDriverHarness.Holding(0));
        await driver.ConnectAsync();
        await Assert.ThrowsAsync<ModbusException>(driver.ScanAsync);
        Assert.Empty(driver.Batches);
    }

    /// <summary>With several requests under way an answer that is slow to come holds up no other.</summary>
    [Fact]
    public async Task Answers_are_posted_as_they_come_when_several_may_be_outstanding()
    {
        byte[]? held = null;
        await using var peer = new ModbusScriptedPeer(async (request, stream) =>
        {
            if (Covers(request, 0)) held = request.Right();
            else await stream.WriteAsync(request.Right());
            if (Covers(request, 900) && held is not null) await stream.WriteAsync(held);
        });
        await using var driver = new ModbusDriverHarness(
            peer.Port, time, ModbusDriverHarness.Holding(0, 300, 600, 900), config => config with { Outstanding = 2 });
        await driver.ConnectAsync();
        await driver.ScanAsync();
        Assert.Equal(4, driver.Batches.Count);
        Assert.Equal(0, driver.Batches[^1][0].Value.Bits);
        AssertOnlyBad(driver, StatusCode.Good);
    }

    [Fact]
    public async Task A_read_back_asks_for_the_one_tag()
    {
        await using var peer = new ModbusScriptedPeer(request =>
            Covers(request, 7) ? request.Refused(ModbusExceptionCode.IllegalDataAddress) : request.Right());
        await using var driver = new ModbusDriverHarness(peer.Port, time, ModbusDriverHarness.Holding(5, 6, 7));
        await driver.ConnectAsync();
        var sample = await driver.ReadBackAsync("r6");
        Assert.Equal((TagValue.From((ushort)6), StatusCode.Good), (sample.Value, sample.Status));
        Assert.Equal(StatusCode.BadNodeIdUnknown, (await driver.ReadBackAsync("r7")).Status);
    }

    private static bool Covers(ModbusPeerRequest request, int address) =>
        address >= request.Address && address < request.Address + request.Quantity;

    private static void AssertOnlyBad(ModbusDriverHarness driver, StatusCode status, params string[] names)
    {
        foreach (var (name, sample) in driver.Last)
            Assert.True(sample.Status == (names.Contains(name) ? status : StatusCode.Good),
                $"{name} is {sample.Status}");
        Assert.All(names, name => Assert.Contains(name, driver.Last.Keys));
    }

    /// <summary>Lets the time-out run out for so many requests, each after it has arrived.</summary>
    private async Task ExpireAsync(ModbusScriptedPeer peer, int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            await peer.Asked.WaitAsync();
            time.Advance(TimeSpan.FromSeconds(1.1));
        }
    }
}
