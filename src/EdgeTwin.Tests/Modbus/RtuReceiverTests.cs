using EdgeTwin.Modbus;

namespace EdgeTwin.Tests.Modbus;

/// <summary>Messages on a serial line are found by the silence after them (Serial Line V1.02 §2.5.1.1).</summary>
public class RtuReceiverTests
{
    private static readonly byte[] Message = [0x01, 0x03, 0x02, 0x00, 0x0A, 0x38, 0x43];
    private readonly RtuReceiver receiver = new(RtuTiming.At(9600));

    [Theory]
    [InlineData(9600, 4.0104)]
    [InlineData(19200, 2.0052)]
    [InlineData(38400, 1.75)]
    [InlineData(115200, 1.75)]
    public void The_silence_is_3_and_a_half_characters_and_fixed_above_19200_baud(int baud, double milliseconds) =>
        Assert.Equal(milliseconds, RtuTiming.At(baud).Silence.TotalMilliseconds, 0.001);

    [Fact]
    public void A_message_is_whole_after_the_silence_and_not_before()
    {
        receiver.Receive(Message.AsSpan(0, 4), Ms(100));
        receiver.Receive(Message.AsSpan(4), Ms(102));
        Assert.False(receiver.TryTake(Ms(105), 0, out _, out _));
        Assert.True(receiver.TryTake(Ms(106.1), 0, out var unit, out var pdu));
        Assert.Equal((1, "0302000A"), (unit, Convert.ToHexString(pdu)));
        Assert.False(receiver.TryTake(Ms(120), 0, out _, out _));
        Assert.Equal(0, receiver.Dropped);
    }

    [Fact]
    public void A_message_of_the_expected_length_is_taken_without_waiting()
    {
        var request = ModbusRequest.Read(ModbusTable.HoldingRegisters, 0, 1);
        receiver.Receive(Message, Ms(100));
        var expected = RtuFraming.AnswerLength(request, receiver.Received);
        Assert.Equal(Message.Length, expected);
        Assert.True(receiver.TryTake(Ms(100), expected, out _, out _));
    }

    [Fact]
    public void A_wrong_check_is_dropped_and_the_next_message_taken()
    {
        byte[] wrong = [.. Message[..^1], 0];
        receiver.Receive(wrong, Ms(100));
        Assert.False(receiver.TryTake(Ms(110), 0, out _, out _));
        receiver.Receive(Message, Ms(120));
        Assert.True(receiver.TryTake(Ms(130), 0, out _, out _));
        Assert.Equal(1, receiver.Dropped);
    }

    [Fact]
    public void Noise_before_the_message_is_dropped_when_a_silence_lies_between()
    {
        receiver.Receive([0xFF, 0x00], Ms(100));
        receiver.Receive(Message, Ms(110));
        Assert.True(receiver.TryTake(Ms(120), 0, out _, out _));
        Assert.Equal(1, receiver.Dropped);
    }

    [Fact]
    public void A_line_that_never_falls_silent_fills_no_memory_and_recovers()
    {
        for (var i = 0; i < 1000; i++) receiver.Receive(Message, Ms(100 + i));
        Assert.InRange(receiver.Received.Length, 0, RtuFraming.LongestMessage);
        Assert.False(receiver.TryTake(Ms(1200), 0, out _, out _));
        receiver.Receive(Message, Ms(1300));
        Assert.True(receiver.TryTake(Ms(1310), 0, out _, out _));
    }

    [Theory]
    [InlineData("0183", 5)]
    [InlineData("0103", 7)]
    [InlineData("01", 0)]
    public void The_length_of_an_answer_is_known_from_its_function_code(string received, int length) =>
        Assert.Equal(length, RtuFraming.AnswerLength(
            ModbusRequest.Read(ModbusTable.HoldingRegisters, 0, 1), Convert.FromHexString(received)));

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
