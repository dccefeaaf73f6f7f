using EdgeTwin.Modbus;
using EdgeTwin.Sources.Modbus;
using EdgeTwin.Tags;

namespace EdgeTwin.Tests.Modbus.Driver;

public class ModbusAddressTests
{
    [Theory]
    [InlineData("coil:0", ModbusTable.Coils, 0, null)]
    [InlineData("discrete:65535", ModbusTable.DiscreteInputs, 65535, null)]
    [InlineData("input:7", ModbusTable.InputRegisters, 7, null)]
    [InlineData("holding:10.3", ModbusTable.HoldingRegisters, 10, 3)]
    public void An_address_is_read_and_written_the_same(string text, ModbusTable table, int number, int? bit)
    {
        Assert.True(ModbusAddress.TryParse(text, out var address, out _));
        Assert.Equal(new ModbusAddress(table, number, bit), address);
        Assert.Equal(text, address.ToString());
    }

    [Theory]
    [InlineData("holding:70001",
        "register 70001 is outside 0-65535; addresses count from 0, so the vendor's 40001 is 0 here")]
    [InlineData("holding:99999999999",
        "register 99999999999 is outside 0-65535; addresses count from 0, so the vendor's 40001 is 0 here")]
    [InlineData("coil:65536", "coil 65536 is outside 0-65535; addresses count from 0, so the vendor's 00001 is 0 here")]
    [InlineData("40001", "'40001' names no table; addresses count from 0, so the vendor's 40001 is holding:0 here")]
    [InlineData("300012", "'300012' names no table; addresses count from 0, so the vendor's 300012 is input:11 here")]
    [InlineData("flow", "'flow' names no table; write coil:N, discrete:N, input:N or holding:N, with N counted from 0")]
    [InlineData("register:1", "there is no table 'register'; the tables are coil, discrete, input and holding")]
    [InlineData("holding:x", "'x' is not a number; write holding:N with N counted from 0")]
    [InlineData("holding:-1", "'-1' is not a number; write holding:N with N counted from 0")]
    [InlineData("holding:", "'' is not a number; write holding:N with N counted from 0")]
    [InlineData("holding:1.16", "bit 16 is outside 0-15; bit 0 is the least significant of the register")]
    [InlineData("holding:1.", "bit  is outside 0-15; bit 0 is the least significant of the register")]
    [InlineData("coil:1.0", "a coil is one bit and has no bits of its own; write coil:1")]
    public void A_wrong_address_is_told_with_its_fix(string text, string message)
    {
        Assert.False(ModbusAddress.TryParse(text, out _, out var problem));
        Assert.Equal(message, problem);
    }

    public static IEnumerable<object[]> WrongTags => new TheoryData<TagConfig, string, string>
    {
        { Tag("coil:0", TagDataType.UInt16), "type", "coil:0 is one bit, so the type is bool, not uint16" },
        { Tag("holding:0.1", TagDataType.Float32), "type", "holding:0.1 is one bit, so the type is bool, not float32" },
        { Tag("holding:4", TagDataType.Bool), "type",
        "holding:4 is a register, not a bool; name the bit, such as holding:4.0" },
        { Tag("holding:0", TagDataType.String), "length",
        "a string needs its length in characters; two lie in a register" },
        { Tag("input:65535", TagDataType.Float32), "address",
            "float32 at input:65535 needs registers 65535-65536, and the last there can be is 65535" },
        { Tag("holding:0", TagDataType.UInt8) with { Coding = NumberCoding.Bcd }, "coding",
            "bcd fills whole registers, so the type is uint16, uint32 or uint64, not uint8" },
        { Tag("holding:0", TagDataType.String) with { Length = 50 }, "length",
            "it needs 25 registers, and the source's maxRegisters allows 20 in one answer" },
        { Tag("register:0", TagDataType.Bool), "address",
        "there is no table 'register'; the tables are coil, discrete, input and holding" },
    };

    [Theory]
    [MemberData(nameof(WrongTags))]
    internal void A_tag_that_a_device_cannot_give_is_told_with_its_key(TagConfig tag, string key, string message) =>
        Assert.Equal([(key, message)], ModbusTagCheck.Check(Source, tag));

    [Fact]
    public void A_right_tag_has_no_findings() =>
        Assert.Empty(ModbusTagCheck.Check(Source, Tag("holding:65532", TagDataType.Float64)));

    [Theory]
    [InlineData("10.0.0.7", "10.0.0.7", 502)]
    [InlineData("plc-3.plant:1502", "plc-3.plant", 1502)]
    [InlineData("[fe80::1%eth0]:503", "fe80::1%eth0", 503)]
    [InlineData("[::1]", "::1", 502)]
    public void An_endpoint_is_a_host_and_a_port(string text, string host, int port) =>
        Assert.Equal(new ModbusEndpoint(host, port), ModbusEndpoint.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("plc:0")]
    [InlineData("plc:65536")]
    [InlineData("tcp://plc:502")]
    [InlineData("::1")]
    public void What_is_no_endpoint_is_refused(string text) =>
        Assert.Throws<ArgumentException>(() => ModbusEndpoint.Parse(text));

    private static ModbusTcpSourceConfig Source => new() { Driver = "modbus-tcp", Endpoint = "plc", MaxRegisters = 20 };

    private static TagConfig Tag(string address, TagDataType type) =>
        new() { Source = "plc", Address = address, Type = type };
}
