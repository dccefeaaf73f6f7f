using EdgeTwin.Modbus;

namespace EdgeTwin.Tests.Modbus;

/// <summary>What a server refuses, and with which code: the state diagrams of V1.1b3 §6.</summary>
public class RequestCodecTests
{
    [Theory]
    [InlineData("", 1)]
    [InlineData("00", 1)]
    [InlineData("07", 1)]                 // read exception status: serial line only
    [InlineData("2B0E0100", 1)]           // device identification: not served
    [InlineData("83 0000 0001", 1)]       // a refusal is no request
    [InlineData("03 0000 00", 3)]         // ends inside a field
    [InlineData("03 0000 0001 00", 3)]    // goes on after its end
    [InlineData("01 0000 0000", 3)]       // no coils
    [InlineData("01 0000 07D0", 0)]       // 2000
    [InlineData("01 0000 07D1", 3)]
    [InlineData("02 0000 07D1", 3)]
    [InlineData("03 0000 007D", 0)]       // 125
    [InlineData("03 0000 007E", 3)]
    [InlineData("04 0000 007E", 3)]
    [InlineData("03 FFFF 0001", 0)]       // the last register
    [InlineData("03 FFFF 0002", 2)]
    [InlineData("05 0000 FF01", 3)]       // neither on nor off
    [InlineData("0F 0000 0008 01 FF", 0)]
    [InlineData("0F 0000 0009 01 FF", 3)] // nine coils need two bytes
    [InlineData("0F 0000 0008 02 FF", 3)] // byte count lies
    [InlineData("10 0000 0001 02 0000", 0)]
    [InlineData("10 0000 0002 02 0000", 3)]
    [InlineData("10 0000 0001 00", 3)]
    [InlineData("10 FFFF 0002 04 00000000", 2)]
    [InlineData("17 0000 007D 0000 0001 02 0000", 0)]
    [InlineData("17 0000 007E 0000 0001 02 0000", 3)]
    [InlineData("17 FFFF 0002 0000 0001 02 0000", 2)]
    public void A_request_is_refused_with_the_code_of_the_specification(string hex, byte code)
    {
        var refused = RequestCodec.Read(Convert.FromHexString(hex.Replace(" ", "")), out var request);
        Assert.Equal((ModbusExceptionCode)code, refused);
        Assert.Equal(code != 0, request.Function == ModbusFunction.None);
    }

    [Theory]
    [InlineData(123, 121, 1968)]
    public void The_longest_writes_are_accepted_and_one_more_is_not(int registers, int readWrite, int coils)
    {
        Assert.Equal(registers, ModbusRequest.WriteMultipleRegisters(0, new byte[registers * 2]).Quantity);
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            ModbusRequest.WriteMultipleRegisters(0, new byte[registers * 2 + 2]));
        Assert.Equal(readWrite,
            ModbusRequest.ReadWriteMultipleRegisters(0, 1, 0, new byte[readWrite * 2]).WriteQuantity);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => ModbusRequest.ReadWriteMultipleRegisters(0, 1, 0, new byte[readWrite * 2 + 2]));
        Assert.Equal(coils, ModbusRequest.WriteMultipleCoils(0, coils, new byte[coils / 8]).Quantity);
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            ModbusRequest.WriteMultipleCoils(0, coils + 1, new byte[coils / 8 + 1]));
    }

    [Fact]
    public void A_read_beyond_the_last_address_is_the_callers_error() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ModbusRequest.Read(ModbusTable.Coils, 65535, 2));
}
