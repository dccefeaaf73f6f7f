using EdgeTwin.Modbus;

namespace EdgeTwin.Tests.Golden;

/// <summary>The examples that the specification prints for each function (V1.1b3 §6), byte for byte, in both
/// directions.</summary>
public class ModbusGoldenTests
{
    /// <summary>Name, request, its bytes, the answer's bytes, and the data in it ("" for an echo).</summary>
    public static TheoryData<string, string, string, string> Examples => new()
    {
        //                          fn start quantity            fn n  data
        { "read coils 20-38",       "01 0013 0013",              "01 03 CD6B05", "CD6B05" },                  // §6.1
        { "read discretes 197-218", "02 00C4 0016",              "02 03 ACDB35", "ACDB35" },                  // §6.2
        { "read holding 108-110",   "03 006B 0003",              "03 06 022B 0000 0064", "022B00000064" },    // §6.3
        { "read input 9",           "04 0008 0001",              "04 02 000A", "000A" },                      // §6.4
        //                          fn addr value                the same
        { "write coil 173 on",      "05 00AC FF00",              "05 00AC FF00", "" },                        // §6.5
        { "write register 2",       "06 0001 0003",              "06 0001 0003", "" },                        // §6.6
        //                          fn start quantity n data     fn start quantity
        { "write 10 coils from 20", "0F 0013 000A 02 CD01",      "0F 0013 000A", "" },                        // §6.11
        { "write 2 registers",      "10 0001 0002 04 000A 0102", "10 0001 0002", "" },                        // §6.12
        //                          fn addr and  or              the same
        { "mask register 5",        "16 0004 00F2 0025",         "16 0004 00F2 0025", "" },                   // §6.16
        //                          fn read  qty  write qty  n  data                   fn n  data
        { "read 6, write 3",        "17 0003 0006 000E 0003 06 00FF 00FF 00FF",
            "17 0C 00FE 0ACD 0001 0003 000D 00FF", "00FE0ACD00010003000D00FF" },                              // §6.17
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public void Requests_and_answers_have_the_bytes_that_the_specification_prints(
        string name, string request, string answer, string data)
    {
        Assert.Equal(Bytes(request), Written(Request(name)));
        Assert.Equal(ModbusExceptionCode.None, RequestCodec.Read(Bytes(request), out var read));
        Assert.Equal(Bytes(request), Written(read));
        Assert.Equal(Bytes(data), AnswerCodec.Read(Request(name), Bytes(answer)).ToArray());

        var buffer = new byte[ModbusLimits.PduBytes];
        var writer = new PduWriter(buffer);
        if (data.Length > 0) Bytes(data).CopyTo(AnswerCodec.WriteData(read, ref writer));
        else AnswerCodec.WriteEcho(read, ref writer);
        Assert.Equal(Bytes(answer), buffer[..writer.Length]);
    }

    [Fact]
    public void A_refusal_is_the_function_with_its_top_bit_and_a_code() // §7: read of one output that does not exist
    {
        var writer = new PduWriter(new byte[2]);
        AnswerCodec.WriteRefused(1, ModbusExceptionCode.IllegalDataAddress, ref writer);
        var request = ModbusRequest.Read(ModbusTable.Coils, 0x04A1, 1);
        Assert.Equal(Bytes("01 04A1 0001"), Written(request));
        var error = Assert.Throws<ModbusException>(() => AnswerCodec.Read(request, Bytes("81 02")).Length);
        Assert.Equal(ModbusExceptionCode.IllegalDataAddress, error.Code);
    }

    [Fact]
    public void A_message_on_TCP_begins_with_transaction_protocol_length_and_unit()
    {
        var message = new byte[12];
        var length = new ClientSession(1).Begin(0, 0xFF, ModbusRequest.Read(ModbusTable.InputRegisters, 4, 1), message);
        //                 tid  prot len  unit fn start quantity    (Messaging on TCP/IP V1.0b §3.1.3)
        Assert.Equal(Bytes("0001 0000 0006 FF  04 0004  0001"), message[..length]);
        Assert.True(MbapHeader.TryRead(message, out var header));
        Assert.Equal(new MbapHeader(1, 0xFF, 5), header);
    }

    [Theory]
    //          unit pdu             crc, low byte first
    [InlineData("01  03 0000 000A", "C5CD")]
    [InlineData("02  07", "4112")] // the example of Serial Line V1.02 §6.2.2: CRC 0x1241
    [InlineData("11  03 006B 0003", "7687")]
    [InlineData("11  05 00AC FF00", "4E8B")]
    public void A_message_on_a_serial_line_ends_with_its_check(string body, string crc)
    {
        var bytes = Bytes(body);
        var message = new byte[RtuFraming.LongestMessage];
        var length = RtuFraming.Write(bytes[0], bytes.AsSpan(1), message);
        Assert.Equal(Bytes(body + crc), message[..length]);
        Assert.True(RtuFraming.TryRead(message.AsSpan(0, length), out var unit, out var pdu));
        Assert.Equal((bytes[0], Convert.ToHexString(bytes[1..])), (unit, Convert.ToHexString(pdu)));
        message[1] ^= 1;
        Assert.False(RtuFraming.TryRead(message.AsSpan(0, length), out _, out _));
    }

    private static ModbusRequest Request(string name) => name switch
    {
        "read coils 20-38" => ModbusRequest.Read(ModbusTable.Coils, 19, 19),
        "read discretes 197-218" => ModbusRequest.Read(ModbusTable.DiscreteInputs, 196, 22),
        "read holding 108-110" => ModbusRequest.Read(ModbusTable.HoldingRegisters, 107, 3),
        "read input 9" => ModbusRequest.Read(ModbusTable.InputRegisters, 8, 1),
        "write coil 173 on" => ModbusRequest.WriteSingleCoil(172, true),
        "write register 2" => ModbusRequest.WriteSingleRegister(1, 3),
        "write 10 coils from 20" => ModbusRequest.WriteMultipleCoils(19, 10, Bytes("CD01")),
        "write 2 registers" => ModbusRequest.WriteMultipleRegisters(1, Bytes("000A0102")),
        "mask register 5" => ModbusRequest.MaskWriteRegister(4, 0x00F2, 0x0025),
        "read 6, write 3" => ModbusRequest.ReadWriteMultipleRegisters(3, 6, 14, Bytes("00FF00FF00FF")),
        _ => throw new ArgumentException(name, nameof(name)),
    };

    private static byte[] Written(in ModbusRequest request)
    {
        var buffer = new byte[ModbusLimits.PduBytes];
        var writer = new PduWriter(buffer);
        RequestCodec.Write(request, ref writer);
        return buffer[..writer.Length];
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", ""));
}
