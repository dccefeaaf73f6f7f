using System.Net.Sockets;
using EdgeTwin.Modbus;
using EdgeTwin.Tests.Modbus;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Peers;

/// <summary>The client against a device that stalls, lies and answers what nobody asked.</summary>
public class ModbusHostileDeviceTests
{
    private static readonly TimeSpan Beyond = TimeSpan.FromSeconds(6);
    private readonly ManualTimeProvider time = new();

    private static ValueTask<ushort[]> ReadAsync(ModbusClient client, int address = 5, int quantity = 2) =>
        client.ReadRegistersAsync(1, ModbusTable.HoldingRegisters, address, quantity);

    /// <summary>The control of all tests here: the same client, device and request, and nothing wrong.</summary>
    [Fact]
    public async Task An_honest_answer_is_read()
    {
        await using var peer = new ModbusScriptedPeer(request => request.Right());
        await using var client = await peer.ConnectAsync(time);
        Assert.Equal(new ushort[] { 5, 6 }, await ReadAsync(client));
        Assert.Equal(new ModbusClientCounters(1, 1, 0, 0, 0, 0), client.Counters);
    }

    [Fact]
    public async Task An_answer_with_a_foreign_transaction_id_is_discarded_and_the_right_one_still_taken()
    {
        await using var peer = new ModbusScriptedPeer(request =>
            [.. ModbusPeerRequest.Frame(request.Transaction + 7, 1, 3, 4, 9, 9, 9, 9), .. request.Right()]);
        await using var client = await peer.ConnectAsync(time);
        Assert.Equal(new ushort[] { 5, 6 }, await ReadAsync(client));
        Assert.Equal(1, client.Counters.Foreign);
    }

    [Fact]
    public async Task A_second_answer_to_the_same_request_is_discarded()
    {
        await using var peer = new ModbusScriptedPeer(request => [.. request.Right(), .. request.Right()]);
        await using var client = await peer.ConnectAsync(time);
        await ReadAsync(client);
        Assert.Equal(new ushort[] { 40 }, await ReadAsync(client, 40, 1));
        Assert.InRange(client.Counters.Foreign, 1, 2);
    }

    [Fact]
    public async Task A_late_answer_is_discarded_and_the_next_request_gets_its_own()
    {
        byte[] late = [];
        await using var peer = new ModbusScriptedPeer(async (request, stream) =>
        {
            if (request.Number == 1) late = request.Right();
            else await stream.WriteAsync((byte[])[.. late, .. request.Right()]);
        });
        await using var client = await peer.ConnectAsync(time);

        var first = ReadAsync(client).AsTask();
        await peer.Asked.WaitAsync();
        time.Advance(Beyond);
        await Assert.ThrowsAsync<TimeoutException>(() => first);

        Assert.Equal(new ushort[] { 70 }, await ReadAsync(client, 70, 1));
        Assert.Equal(new ModbusClientCounters(2, 1, 1, 1, 0, 0), client.Counters);
        Assert.Equal(1, peer.Connections);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(65535)]
    public async Task A_length_that_no_message_can_have_ends_the_connection(int length)
    {
        await using var peer = new ModbusScriptedPeer(request =>
        {
            var answer = request.Right();
            (answer[4], answer[5]) = ((byte)(length >> 8), (byte)length);
            return answer;
        });
        await using var client = await peer.ConnectAsync(time);
        var error = await Assert.ThrowsAsync<ModbusException>(() => ReadAsync(client).AsTask());
        Assert.Equal(ModbusError.FramingLost, error.Error);
        Assert.Contains($"length {length} ", error.Message);
        await Assert.ThrowsAsync<IOException>(() => ReadAsync(client).AsTask());
        Assert.True(client.IsClosed);
    }

    [Fact]
    public async Task A_protocol_id_other_than_0_ends_the_connection()
    {
        await using var peer = new ModbusScriptedPeer(request =>
        {
            var answer = request.Right();
            answer[3] = 1;
            return answer;
        });
        await using var client = await peer.ConnectAsync(time);
        var error = await Assert.ThrowsAsync<ModbusException>(() => ReadAsync(client).AsTask());
        Assert.Equal(ModbusError.FramingLost, error.Error);
    }

    public static TheoryData<string, byte[]> Malformed => new()
    {
        { "byte count 0", [3, 0, 0, 1, 0, 2] },
        { "byte count 255", [3, 255, 0, 1, 0, 2] },
        { "fewer registers than asked", [3, 2, 0, 1] },
        { "more registers than asked", [3, 6, 0, 1, 0, 2, 0, 3] },
        { "function of another request", [4, 4, 0, 1, 0, 2] },
        { "function code alone", [3] },
        { "refusal without a code", [0x83] },
        { "refusal with too much", [0x83, 2, 2] },
        { "refusal of another function", [0x84, 2] },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task A_malformed_answer_fails_its_request_alone(string what, byte[] pdu)
    {
        await using var peer = new ModbusScriptedPeer(
            request => request.Number == 1 ? ModbusPeerRequest.Frame(request.Transaction, 1, pdu) : request.Right());
        await using var client = await peer.ConnectAsync(time);
        var error = await Assert.ThrowsAsync<ModbusException>(() => ReadAsync(client).AsTask());
        Assert.True(error.Error == ModbusError.MalformedAnswer, what);
        Assert.Equal(new ushort[] { 5, 6 }, await ReadAsync(client));
        Assert.Equal((1, 1), (client.Counters.Malformed, peer.Connections));
    }

    [Fact]
    public async Task An_answer_from_another_unit_fails_its_request_alone()
    {
        await using var peer = new ModbusScriptedPeer(request => request.Number == 1
            ? ModbusPeerRequest.Frame(request.Transaction, 2, request.RightPdu()) : request.Right());
        await using var client = await peer.ConnectAsync(time);
        var error = await Assert.ThrowsAsync<ModbusException>(() => ReadAsync(client).AsTask());
        Assert.Contains("unit 2 answered", error.Message);
        Assert.Equal(new ushort[] { 5, 6 }, await ReadAsync(client));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0x0B)]
    [InlineData(0x55)] // not in the specification: passed through as its number
    public async Task A_refusal_carries_the_code_of_the_device(byte code)
    {
        await using var peer = new ModbusScriptedPeer(request => request.Refused((ModbusExceptionCode)code));
        await using var client = await peer.ConnectAsync(time);
        var error = await Assert.ThrowsAsync<ModbusException>(() => ReadAsync(client).AsTask());
        Assert.Equal((ModbusError.Refused, (ModbusExceptionCode)code), (error.Error, error.Code));
    }

    [Fact]
    public async Task An_answer_that_comes_byte_by_byte_is_whole_in_the_end()
    {
        await using var peer = new ModbusScriptedPeer(async (request, stream) =>
        {
            foreach (var value in request.Right())
            {
                await stream.WriteAsync(new[] { value });
                await Task.Yield();
            }
        });
        await using var client = await peer.ConnectAsync(time);
        Assert.Equal(new ushort[] { 5, 6 }, await ReadAsync(client));
    }

    [Fact]
    public async Task An_answer_that_drips_beyond_the_timeout_is_given_up_and_its_rest_discarded()
    {
        byte[] rest = [];
        await using var peer = new ModbusScriptedPeer(async (request, stream) =>
        {
            var answer = request.Right();
            if (request.Number == 1)
            {
                rest = answer[3..];
                await stream.WriteAsync(answer.AsMemory(0, 3));
            }
            else await stream.WriteAsync((byte[])[.. rest, .. answer]);
        });
        await using var client = await peer.ConnectAsync(time);
        var first = ReadAsync(client).AsTask();
        await peer.Asked.WaitAsync();
        time.Advance(Beyond);
        await Assert.ThrowsAsync<TimeoutException>(() => first);
        Assert.Equal(new ushort[] { 8 }, await ReadAsync(client, 8, 1));
        Assert.Equal(1, client.Counters.Late);
    }

    [Fact]
    public async Task A_reset_in_the_middle_of_an_answer_fails_the_request_at_once()
    {
        await using var peer = new ModbusScriptedPeer(async (request, stream) =>
        {
            await stream.WriteAsync(request.Right().AsMemory(0, 9));
            stream.Socket.LingerState = new LingerOption(true, 0);
            stream.Socket.Close();
        });
        await using var client = await peer.ConnectAsync(time);
        await Assert.ThrowsAsync<IOException>(() => ReadAsync(client).AsTask());
        Assert.True(client.IsClosed);
    }

    [Fact]
    public async Task Pipelined_requests_get_their_own_answers_in_whatever_order_they_come()
    {
        var held = new Stack<byte[]>();
        await using var peer = new ModbusScriptedPeer(async (request, stream) =>
        {
            held.Push(request.Right());
            if (held.Count < 4) return;
            while (held.TryPop(out var answer)) await stream.WriteAsync(answer);
        });
        await using var client = await peer.ConnectAsync(time, outstanding: 4);
        var reads = Enumerable.Range(0, 4).Select(i => ReadAsync(client, i * 10, 1).AsTask()).ToArray();
        var answers = await Task.WhenAll(reads);
        Assert.Equal([0, 10, 20, 30], answers.Select(answer => (int)answer[0]));
    }

    /// <summary>A device that can do one thing at a time never sees a second request before it has answered the
    /// first.</summary>
    [Fact]
    public async Task One_outstanding_request_is_the_default()
    {
        await using var peer = new ModbusScriptedPeer(async (request, stream) =>
        {
            Assert.Equal(0, stream.Socket.Available);
            await stream.WriteAsync(request.Right());
        });
        await using var client = await peer.ConnectAsync(time);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => ReadAsync(client, i, 1).AsTask()));
        Assert.Equal(20, client.Counters.Answers);
    }

    /// <summary>Otherwise a request whose timer fires a fraction early would wait for ever.</summary>
    [Fact]
    public async Task A_timer_that_fires_early_neither_ends_the_request_nor_forgets_it()
    {
        await using var peer = new ModbusScriptedPeer((_, _) => Task.CompletedTask);
        await using var client = await peer.ConnectAsync(time);
        var waiting = ReadAsync(client).AsTask();
        await peer.Asked.WaitAsync();
        time.FireEarly();
        Assert.Equal(0, client.Counters.Timeouts);
        time.Advance(Beyond);
        // fails here, instead of waiting for ever below, when it was forgotten
        Assert.Equal(1, client.Counters.Timeouts);
        await Assert.ThrowsAsync<TimeoutException>(() => waiting);
    }

    [Fact]
    public async Task A_cancelled_request_leaves_the_connection_usable()
    {
        await using var peer = new ModbusScriptedPeer(
            (request, stream) => request.Number == 1 ? Task.CompletedTask
            : stream.WriteAsync(request.Right()).AsTask());
        await using var client = await peer.ConnectAsync(time);
        using var cancel = new CancellationTokenSource();
        var first = client.ReadRegistersAsync(1, ModbusTable.HoldingRegisters, 5, 1, cancel.Token).AsTask();
        await peer.Asked.WaitAsync();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(new ushort[] { 5, 6 }, await ReadAsync(client));
    }

    [Fact]
    public async Task Closing_the_client_fails_what_waits()
    {
        await using var peer = new ModbusScriptedPeer((_, _) => Task.CompletedTask);
        var client = await peer.ConnectAsync(time);
        var waiting = ReadAsync(client).AsTask();
        await peer.Asked.WaitAsync();
        await client.DisposeAsync();
        await Assert.ThrowsAsync<IOException>(() => waiting);
    }
}
