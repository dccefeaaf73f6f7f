using EdgeTwin.Modbus;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeTwin.Tests.Modbus;

public class RegisterCodecTests
{
    private static readonly RegisterOrder[] Orders =
        [RegisterOrder.Abcd, RegisterOrder.Cdab, RegisterOrder.Badc, RegisterOrder.Dcba];

    /// <summary>0x41C80000 is 25.0f; the four orders of its bytes A B C D on the wire.</summary>
    [Theory]
    [InlineData("41C80000", false, false)]
    [InlineData("000041C8", true, false)]
    [InlineData("C8410000", false, true)]
    [InlineData("0000C841", true, true)]
    public void The_four_orders_of_a_float_lie_as_their_names_say(string wire, bool lowWordFirst, bool lowByteFirst)
    {
        var order = new RegisterOrder(lowWordFirst, lowByteFirst);
        Assert.Equal(25f, RegisterCodec.ReadSingle(Convert.FromHexString(wire), order));
        var written = new byte[4];
        RegisterCodec.WriteSingle(written, 25f, order);
        Assert.Equal(wire, Convert.ToHexString(written));
    }

    [Theory]
    [InlineData("0102030405060708", false, false)]
    [InlineData("0708050603040102", true, false)]
    [InlineData("0201040306050807", false, true)]
    [InlineData("0807060504030201", true, true)]
    public void The_four_orders_of_64_bits_lie_as_their_names_say(string wire, bool lowWordFirst, bool lowByteFirst)
    {
        var order = new RegisterOrder(lowWordFirst, lowByteFirst);
        Assert.Equal(0x0102030405060708UL, RegisterCodec.ReadUInt64(Convert.FromHexString(wire), order));
        var written = new byte[8];
        RegisterCodec.WriteUInt64(written, 0x0102030405060708UL, order);
        Assert.Equal(wire, Convert.ToHexString(written));
    }

    [Fact]
    public void Every_number_survives_every_order_bit_for_bit() => Prop.ForAll<ulong, byte>((bits, which) =>
    {
        var order = Orders[which % 4];
        var bytes = new byte[8];
        RegisterCodec.WriteUInt64(bytes, bits, order);
        var wide = RegisterCodec.ReadUInt64(bytes, order) == bits;
        RegisterCodec.WriteDouble(bytes, BitConverter.UInt64BitsToDouble(bits), order);
        var real = BitConverter.DoubleToUInt64Bits(RegisterCodec.ReadDouble(bytes, order)) == bits;
        RegisterCodec.WriteUInt32(bytes, (uint)bits, order);
        var half = RegisterCodec.ReadUInt32(bytes, order) == (uint)bits;
        RegisterCodec.WriteUInt16(bytes, (ushort)bits, order);
        return wide && real && half && RegisterCodec.ReadUInt16(bytes, order) == (ushort)bits;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_NaN_keeps_its_payload()
    {
        var bytes = new byte[4];
        RegisterCodec.WriteUInt32(bytes, 0x7FC0_BEEF, RegisterOrder.Cdab);
        Assert.Equal(0x7FC0_BEEFu,
            BitConverter.SingleToUInt32Bits(RegisterCodec.ReadSingle(bytes, RegisterOrder.Cdab)));
    }

    [Theory]
    [InlineData(0x1234u, true, 1234)]
    [InlineData(0x99999999u, true, 99999999)]
    [InlineData(0x12A4u, false, 0)]
    public void Packed_decimal_is_read_by_its_digits(uint packed, bool valid, int number)
    {
        Assert.Equal(valid, PackedDecimal.TryDecode(packed, out var read));
        if (valid) Assert.Equal((ulong)number, read);
    }

    [Fact]
    public void Every_packed_decimal_that_fits_survives() => Prop.ForAll<ulong>(number =>
    {
        number %= 10_000_000_000_000_000;
        return PackedDecimal.TryEncode(number, 4, out var packed)
            && PackedDecimal.TryDecode(packed, out var read) && read == number;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_number_with_too_many_digits_does_not_fit_packed_decimal()
    {
        Assert.True(PackedDecimal.TryEncode(9999, 1, out _));
        Assert.False(PackedDecimal.TryEncode(10000, 1, out _));
    }

    [Theory]
    [InlineData("50554D502D3700000000", 10, false, "PUMP-7")]  // ends at the first NUL
    [InlineData("55504D502D3720202020", 10, true, "PUPM7-")]   // bytes swapped in each register
    [InlineData("50554D502D372020", 8, false, "PUMP-7")]       // padded with spaces
    [InlineData("5055 4D50", 3, false, "PUM")]                 // an odd length ends inside a register
    [InlineData("B043", 2, false, "°C")]                       // one byte a character
    public void Strings_end_where_the_device_means_it(string wire, int length, bool lowByteFirst, string text) =>
        Assert.Equal(text, RegisterCodec.ReadString(
            Convert.FromHexString(wire.Replace(" ", "")), length, new RegisterOrder(false, lowByteFirst)));

    [Fact]
    public void A_string_is_written_as_it_is_read_and_refused_when_it_does_not_fit()
    {
        var bytes = new byte[8];
        Assert.True(RegisterCodec.TryWriteString(bytes, "Pump 7", 7, RegisterOrder.Badc));
        Assert.Equal("Pump 7", RegisterCodec.ReadString(bytes, 7, RegisterOrder.Badc));
        Assert.False(RegisterCodec.TryWriteString(bytes, "Pump 700", 7, RegisterOrder.Badc));
        Assert.False(RegisterCodec.TryWriteString(bytes, "\u20AC", 7, RegisterOrder.Badc));
    }

    [Fact]
    public void Bit_0_is_the_least_significant_of_the_register()
    {
        byte[] register = [0x80, 0x01];
        Assert.True(RegisterCodec.ReadBit(register, 0, RegisterOrder.Abcd));
        Assert.True(RegisterCodec.ReadBit(register, 15, RegisterOrder.Abcd));
        Assert.False(RegisterCodec.ReadBit(register, 8, RegisterOrder.Abcd));
        Assert.True(RegisterCodec.ReadBit(register, 8, RegisterOrder.Badc));
    }

    [Fact]
    public void The_lowest_coil_is_bit_0_of_the_first_byte()
    {
        byte[] packed = [0, 0];
        RegisterCodec.WritePackedBit(packed, 0, true);
        RegisterCodec.WritePackedBit(packed, 10, true);
        Assert.Equal([0x01, 0x04], packed);
        Assert.True(RegisterCodec.ReadPackedBit(packed, 10));
        RegisterCodec.WritePackedBit(packed, 10, false);
        Assert.False(RegisterCodec.ReadPackedBit(packed, 10));
    }
}
