using System.Net;
using EdgeTwin.Modbus;
using EdgeTwin.Tags;
using EdgeTwin.Tests.Peers;
using EdgeTwin.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Tests.Modbus.Driver;

public class ModbusWriteTests
{
    [Fact]
    public async Task Each_kind_of_tag_is_written_where_it_was_read()
    {
        var memory = new ModbusMemory(10, 10, 10, 10);
        await using var server = ModbusServer.Start(
            new IPEndPoint(IPAddress.Loopback, 0), memory, new ModbusServerOptions(), new ManualTimeProvider(),
            NullLogger.Instance);
        await using var driver = new ModbusDriverHarness(server.Endpoint.Port, new ManualTimeProvider(),
        [
            ("run", ModbusDriverHarness.Config("coil:1", TagDataType.Bool)),
            ("speed", ModbusDriverHarness.Config("holding:0", TagDataType.Int16) with { Scale = 0.1 }),
            ("setpoint",
            ModbusDriverHarness.Config("holding:2", TagDataType.Float32) with { WordOrder = WordOrder.Little }),
            ("enable", ModbusDriverHarness.Config("holding:5.9", TagDataType.Bool)),
            ("level", ModbusDriverHarness.Config("input:0")),
        ]);
        await driver.ConnectAsync();
        memory.SetRegisters(ModbusTable.HoldingRegisters, 5, 0x8001);

        Assert.Equal(StatusCode.Good, await driver.WriteAsync("run", TagValue.From(true)));
        Assert.Equal(StatusCode.Good, await driver.WriteAsync("speed", TagValue.From(-12.5)));
        Assert.Equal(StatusCode.Good, await driver.WriteAsync("setpoint", TagValue.From(25f)));
        Assert.Equal(StatusCode.Good, await driver.WriteAsync("enable", TagValue.From(true)));
        Assert.Equal(StatusCode.BadNotWritable, await driver.WriteAsync("level", TagValue.From((ushort)1)));
        Assert.Equal(StatusCode.BadTypeMismatch, await driver.WriteAsync("run", TagValue.From("on")));

        Assert.True(memory.GetBit(ModbusTable.Coils, 1));
        Assert.Equal(unchecked((ushort)-125), memory.GetRegister(ModbusTable.HoldingRegisters, 0));
        Assert.Equal(0x41C8, memory.GetRegister(ModbusTable.HoldingRegisters, 3));
        Assert.Equal(0x8201, memory.GetRegister(ModbusTable.HoldingRegisters, 5));
        Assert.Equal(TagValue.From(-12.5), (await driver.ReadBackAsync("speed")).Value);
        Assert.Equal(TagValue.From(true), (await driver.ReadBackAsync("enable")).Value);
    }

    /// <summary>Many devices know only functions 3 and 16.</summary>
    [Fact]
    public async Task A_device_that_knows_few_functions_is_written_with_those_it_knows()
    {
        var asked = new List<int>();
        ushort register = 0x0100;
        await using var peer = new ModbusScriptedPeer(request =>
        {
            asked.Add(request.Pdu[0]);
            if (request.Pdu[0] == 3) return ModbusPeerRequest.Frame(request.Transaction, 1, 3, 2, (byte)(register >> 8),
                (byte)register);
            if (request.Pdu[0] != 16) return request.Refused(ModbusExceptionCode.IllegalFunction);
            register = (ushort)(request.Pdu[6] << 8 | request.Pdu[7]);
            return ModbusPeerRequest.Frame(request.Transaction, 1, request.Pdu[..5]);
        });
        await using var driver = new ModbusDriverHarness(
            peer.Port, new ManualTimeProvider(),
            [("enable", ModbusDriverHarness.Config("holding:5.9", TagDataType.Bool))]);
        await driver.ConnectAsync();
        Assert.Equal(StatusCode.Good, await driver.WriteAsync("enable", TagValue.From(true)));
        Assert.Equal(0x0300, register);
        Assert.Equal(StatusCode.Good, await driver.WriteAsync("enable", TagValue.From(false)));
        Assert.Equal(0x0100, register);
        Assert.Equal([22, 3, 6, 16, 3, 16], asked); // 22 and 6 are tried once
    }
}
