using System.Runtime.CompilerServices;

namespace EdgeTwin.Journal.Codec;

/// <summary>The other end of <see cref="RangeEncoder"/>. Beyond the end of its bytes it reads zeros.</summary>
internal ref struct RangeDecoder : IBitCoder
{
    private const uint Top = 1u << 24;

    private readonly ReadOnlySpan<byte> bytes;
    private int at;
    private uint code;
    private uint range;

    public RangeDecoder(ReadOnlySpan<byte> bytes)
    {
        this.bytes = bytes;
        range = uint.MaxValue;
        for (var i = 0; i < 4; i++) code = (code << 8) | Next();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Bit(ref BitModel model, int bit)
    {
        var bound = (range >> BitModel.Bits) * model.OfOne;
        if (code < bound)
        {
            range = bound;
            bit = 1;
        }
        else
        {
            code -= bound;
            range -= bound;
            bit = 0;
        }

        model.Learn(bit);
        while (range < Top) Shift();
        return bit;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ulong Raw(ulong value, int bits)
    {
        value = 0;
        for (var left = bits; left > 0;)
        {
            var take = Math.Min(left, 8);
            left -= take;
            range >>= take;
            var part = Math.Min(code / range, (1u << take) - 1);
            code -= part * range;
            value = (value << take) | part;
            while (range < Top) Shift();
        }

        return value;
    }

    private void Shift()
    {
        code = (code << 8) | Next();
        range <<= 8;
    }

    private byte Next() => at < bytes.Length ? bytes[at++] : (byte)0;
}
