using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using EdgeTwin.Modbus;
using EdgeTwin.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.Modbus;

public sealed class ModbusServerTests : IAsyncLifetime
{
    private readonly ManualTimeProvider time = new();
    private readonly ModbusMemory memory = new(100, 100, 100, 100);
    private ModbusServer server = null!;

    public Task InitializeAsync()
    {
        server = Start(new ModbusServerOptions { MaxConnections = 2, IdleTimeout = TimeSpan.FromSeconds(10) });
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Every_function_does_what_it_says()
    {
        await using var client = await ClientAsync();
        memory.SetRegisters(ModbusTable.InputRegisters, 3, 0x1234, 0x5678);
        memory.SetBit(ModbusTable.DiscreteInputs, 9, true);

        await client.WriteCoilAsync(1, 0, true);
        await client.WriteCoilsAsync(1, 1, new[] { false, true, true });
        await client.WriteRegisterAsync(1, 0, 0x00FF);
        await client.WriteRegistersAsync(1, 1, new ushort[] { 7, 8 });
        await client.MaskWriteRegisterAsync(1, 0, 0xFFF0, 0x0005);
        Assert.Equal(new ushort[] { 0x00F5, 9 }, await client.ReadWriteRegistersAsync(1, 0, 2, 1, new ushort[] { 9 }));

        Assert.Equal(new[] { true, false, true, true }, await client.ReadBitsAsync(1, ModbusTable.Coils, 0, 4));
        Assert.Equal(new[] { false, true, false }, await client.ReadBitsAsync(1, ModbusTable.DiscreteInputs, 8, 3));
        Assert.Equal(new ushort[] { 0x1234, 0x5678 },
            await client.ReadRegistersAsync(1, ModbusTable.InputRegisters, 3, 2));
        Assert.Equal(new ushort[] { 0x00F5, 9, 8 },
            await client.ReadRegistersAsync(1, ModbusTable.HoldingRegisters, 0, 3));
    }

    [Fact]
    public async Task An_address_beyond_the_table_is_refused_and_nothing_is_written()
    {
        await using var client = await ClientAsync();
        var error = await Assert.ThrowsAsync<ModbusException>(
            () => client.WriteRegistersAsync(1, 98, new ushort[] { 1, 2, 3 }).AsTask());
        Assert.Equal(ModbusExceptionCode.IllegalDataAddress, error.Code);
        Assert.Equal(0, memory.GetRegister(ModbusTable.HoldingRegisters, 98));
        error = await Assert.ThrowsAsync<ModbusException>(
            () => client.ReadWriteRegistersAsync(1, 99, 2, 0, new ushort[] { 1 }).AsTask());
        Assert.Equal(ModbusExceptionCode.IllegalDataAddress, error.Code);
        Assert.Equal(0, memory.GetRegister(ModbusTable.HoldingRegisters, 0));
    }

    [Theory]
    [InlineData("0001 0001 0006 01 03 0000 0001")] // protocol id 1
    [InlineData("0001 0000 0000")]                 // length 0
    [InlineData("0001 0000 0001")]
    [InlineData("0001 0000 FFFF")]
    [InlineData("474554202F20485454502F312E31")]   // "GET / HTTP/1.1"
    public async Task Bytes_that_are_not_Modbus_end_their_own_connection_only(string hex)
    {
        await using var other = await ClientAsync();
        await other.WriteRegisterAsync(1, 0, 1);
        using var hostile = await ConnectAsync();
        await hostile.SendAsync(Convert.FromHexString(hex.Replace(" ", "")));
        Assert.Equal(0, await hostile.ReceiveAsync(new byte[1]));
        Assert.Equal(new ushort[] { 1 }, await other.ReadRegistersAsync(1, ModbusTable.HoldingRegisters, 0, 1));
        await UntilAsync(() => server.Counters.Broken == 1);
    }

    [Fact]
    public async Task Requests_sent_at_once_are_answered_in_order()
    {
        using var socket = await ConnectAsync();
        var many = Enumerable.Range(0, 50).SelectMany(i =>
            Convert.FromHexString($"{i:X4}000000060103{i:X4}0001")).ToArray();
        await socket.SendAsync(many);
        await using var stream = new NetworkStream(socket);
        for (var i = 0; i < 50; i++)
        {
            var answer = new byte[11];
            await stream.ReadExactlyAsync(answer);
            Assert.Equal(i, answer[0] << 8 | answer[1]);
        }
    }

    [Fact]
    public async Task A_connection_too_many_is_turned_away_and_there_is_room_again_after_one_left()
    {
        await using var first = await ClientAsync();
        await first.WriteRegisterAsync(1, 0, 1);
        var second = await ClientAsync();
        await second.WriteRegisterAsync(1, 0, 2);
        using (var third = await ConnectAsync()) Assert.Equal(0, await third.ReceiveAsync(new byte[1]));
        await UntilAsync(() => server.Counters.TurnedAway == 1);

        await second.DisposeAsync();
        await UntilAsync(() => server.Counters.Connections == 1);
        await using var fourth = await ClientAsync();
        await fourth.WriteRegisterAsync(1, 0, 4);
    }

    [Fact]
    public async Task A_client_that_sends_half_a_request_and_waits_is_closed()
    {
        using var slow = await ConnectAsync();
        await using var other = await ClientAsync();
        await slow.SendAsync(new byte[] { 0, 1, 0, 0, 0, 6, 1 });
        await other.WriteRegisterAsync(1, 0, 1);
        for (var i = 0; i < 5; i++)
        {
            time.Advance(TimeSpan.FromSeconds(2.5));
            await other.WriteRegisterAsync(1, 0, 1); // who asks in time stays
        }

        Assert.Equal(0, await slow.ReceiveAsync(new byte[1]));
        await UntilAsync(() => server.Counters.Idle == 1);
    }

    [Fact]
    public async Task Stopping_closes_the_connections()
    {
        using var socket = await ConnectAsync();
        await UntilAsync(() => server.Counters.Connections == 1);
        await server.DisposeAsync();
        Assert.Equal(0, await socket.ReceiveAsync(new byte[1]));
    }

    /// <summary>The server counts after the client has noticed, so the test waits, but not for ever.</summary>
    private static async Task UntilAsync(Func<bool> condition)
    {
        var patience = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(20), "it did not come true in 20 s");
            await Task.Yield();
        }
    }

    private ModbusServer Start(ModbusServerOptions options) =>
        ModbusServer.Start(new IPEndPoint(IPAddress.Loopback, 0), memory, options, time, NullLogger.Instance);

    private ValueTask<ModbusClient> ClientAsync() => ModbusClient.ConnectAsync(
        "127.0.0.1", server.Endpoint.Port, new ModbusClientOptions { Timeout = TimeSpan.FromSeconds(30) },
        TimeProvider.System, default);

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.Endpoint);
        return socket;
    }
}
