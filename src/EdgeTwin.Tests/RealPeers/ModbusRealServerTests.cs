using EdgeTwin.Modbus;

namespace EdgeTwin.Tests.RealPeers;

/// <summary>Our client against independent servers; both hold 2100 bits (on where even) and 500 registers (their
/// address).</summary>
public abstract class ModbusRealServerTests : IAsyncLifetime
{
    private ModbusPeerProcess peer = null!;
    private ModbusClient client = null!;

    private protected abstract Task<ModbusPeerProcess> StartAsync();

    public async Task InitializeAsync()
    {
        peer = await StartAsync();
        client = await ModbusClient.ConnectAsync(
            "127.0.0.1", peer.Port, new ModbusClientOptions { Timeout = TimeSpan.FromSeconds(30) }, TimeProvider.System,
            default);
    }

    public async Task DisposeAsync()
    {
        await client.DisposeAsync();
        await peer.DisposeAsync();
    }

    [Theory]
    [InlineData(ModbusTable.Coils)]
    [InlineData(ModbusTable.DiscreteInputs)]
    public async Task Bits_are_read_up_to_the_limit(ModbusTable table)
    {
        var bits = await client.ReadBitsAsync(1, table, 3, ModbusLimits.ReadBits);
        Assert.Equal(Enumerable.Range(3, ModbusLimits.ReadBits).Select(address => address % 2 == 0), bits);
    }

    [Theory]
    [InlineData(ModbusTable.InputRegisters)]
    [InlineData(ModbusTable.HoldingRegisters)]
    public async Task Registers_are_read_up_to_the_limit(ModbusTable table)
    {
        var registers = await client.ReadRegistersAsync(1, table, 300, ModbusLimits.ReadRegisters);
        Assert.Equal(Enumerable.Range(300, ModbusLimits.ReadRegisters).Select(address => (ushort)address), registers);
    }

    [Fact]
    public async Task Coils_are_written_one_and_many()
    {
        await client.WriteCoilAsync(1, 1, true);
        await client.WriteCoilAsync(1, 0, false);
        var many = Enumerable.Range(0, ModbusLimits.WriteBits).Select(i => i % 3 == 0).ToArray();
        await client.WriteCoilsAsync(1, 2, many);
        bool[] expected = [false, true, .. many[..1000]];
        Assert.Equal(expected, await client.ReadBitsAsync(1, ModbusTable.Coils, 0, 1002));
    }

    [Fact]
    public async Task Registers_are_written_one_and_many()
    {
        await client.WriteRegisterAsync(1, 0, 0xBEEF);
        var many = Enumerable.Range(0, ModbusLimits.WriteRegisters).Select(i => (ushort)(60000 + i)).ToArray();
        await client.WriteRegistersAsync(1, 1, many);
        ushort[] expected = [0xBEEF, .. many];
        Assert.Equal(expected, await client.ReadRegistersAsync(1, ModbusTable.HoldingRegisters, 0, many.Length + 1));
    }

    [Fact]
    public async Task Single_bits_of_a_register_are_written_by_mask()
    {
        await client.WriteRegisterAsync(1, 4, 0x0012);
        await client.MaskWriteRegisterAsync(1, 4, 0x00F2, 0x0025);
        // V1.1b3 §6.16
        Assert.Equal(0x0017, (await client.ReadRegistersAsync(1, ModbusTable.HoldingRegisters, 4, 1))[0]);
    }

    [Fact]
    public async Task Registers_are_written_and_read_in_one_transaction()
    {
        var written = Enumerable.Range(0, ModbusLimits.ReadWriteWriteRegisters).Select(i => (ushort)(i * 3)).ToArray();
        var read = await client.ReadWriteRegistersAsync(1, 200, ModbusLimits.ReadWriteReadRegisters, 202, written);
        Assert.Equal(new ushort[] { 200, 201, 0, 3, 6 }, read[..5]);
    }

    [Fact]
    public async Task An_address_that_does_not_exist_is_refused_and_the_connection_goes_on()
    {
        var error = await Assert.ThrowsAsync<ModbusException>(
            () => client.ReadRegistersAsync(1, ModbusTable.HoldingRegisters, 499, 2).AsTask());
        Assert.Equal(ModbusExceptionCode.IllegalDataAddress, error.Code);
        Assert.Equal(new ushort[] { 499 }, await client.ReadRegistersAsync(1, ModbusTable.HoldingRegisters, 499, 1));
        Assert.Equal(new ModbusClientCounters(2, 2, 0, 0, 0, 0), client.Counters);
    }
}

public sealed class ModbusPymodbusTests : ModbusRealServerTests
{
    private protected override Task<ModbusPeerProcess> StartAsync() => ModbusPeerProcess.StartPymodbusAsync();
}

public sealed class ModbusLibmodbusTests : ModbusRealServerTests
{
    private protected override Task<ModbusPeerProcess> StartAsync() => ModbusPeerProcess.StartLibmodbusAsync();
}
