using System.Net;
using EdgeTwin.Modbus;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.RealPeers;

/// <summary>mbpoll, an independent client on libmodbus, against our server.</summary>
public sealed class ModbusMbpollTests : IAsyncLifetime
{
    private readonly ModbusMemory memory = new(100, 100, 100, 100);
    private ModbusServer server = null!;

    public Task InitializeAsync()
    {
        server = ModbusServer.Start(new IPEndPoint(IPAddress.Loopback, 0), memory, new ModbusServerOptions(),
            TimeProvider.System, NullLogger.Instance);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Theory]
    [InlineData("0", ModbusTable.Coils)]
    [InlineData("1", ModbusTable.DiscreteInputs)]
    public async Task It_reads_our_bits(string type, ModbusTable table)
    {
        memory.SetBit(table, 11, true);
        var printed = await MbpollAsync(type, 10, "-c", "3");
        Assert.Equal(["[10]: 0", "[11]: 1", "[12]: 0"], Values(printed));
    }

    [Theory]
    [InlineData("3", ModbusTable.InputRegisters)]
    [InlineData("4", ModbusTable.HoldingRegisters)]
    public async Task It_reads_our_registers(string type, ModbusTable table)
    {
        memory.SetRegisters(table, 20, 1234, 0, 4321);
        Assert.Equal(["[20]: 1234", "[21]: 0", "[22]: 4321"], Values(await MbpollAsync(type, 20, "-c", "3")));
    }

    [Fact]
    public async Task It_writes_our_coils_one_and_many()
    {
        await MbpollAsync("0", 5, ["1"]);
        await MbpollAsync("0", 6, ["0", "1", "1"]);
        Assert.Equal([true, false, true, true],
            Enumerable.Range(5, 4).Select(i => memory.GetBit(ModbusTable.Coils, i)));
    }

    [Fact]
    public async Task It_writes_our_registers_one_and_many()
    {
        await MbpollAsync("4", 5, ["77"]);
        await MbpollAsync("4", 6, ["1", "2", "65535"]);
        Assert.Equal([77, 1, 2, 65535],
            Enumerable.Range(5, 4).Select(i => (int)memory.GetRegister(ModbusTable.HoldingRegisters, i)));
    }

    private Task<string> MbpollAsync(string type, int address, params string[] rest)
    {
        string[] head = ["-m", "tcp", "-p", server.Endpoint.Port.ToString(), "-a", "1", "-0", "-1", "-t", type, "-r",
            address.ToString()];
        // options come before the host, values to write after it
        return ModbusPeerProcess.RunAsync("mbpoll", rest[0] == "-c" ? [.. head, .. rest, "127.0.0.1"]
            : [.. head, "127.0.0.1", .. rest]);
    }

    private static IEnumerable<string> Values(string printed) => printed.Split('\n')
        .Where(line => line.StartsWith('[')).Select(line =>
            string.Join(' ', line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
}
