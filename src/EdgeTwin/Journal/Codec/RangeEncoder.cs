using System.Runtime.CompilerServices;

namespace EdgeTwin.Journal.Codec;

/// <summary>
/// Binary range coder with carry propagation, after G. N. N. Martin (1979), in the byte-wise form that LZMA made
/// common.
/// </summary>
internal struct RangeEncoder(ByteWriter writer) : IBitCoder
{
    private const uint Top = 1u << 24;

    private ulong low = 0;
    private uint range = uint.MaxValue;
    private byte cache = 0;
    private long cached = 0;
    private bool started = false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Bit(ref BitModel model, int bit)
    {
        var bound = (range >> BitModel.Bits) * model.OfOne;
        if (bit != 0)
        {
            range = bound;
        }
        else
        {
            low += bound;
            range -= bound;
        }

        model.Learn(bit);
        while (range < Top) Shift();
        return bit;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public ulong Raw(ulong value, int bits)
    {
        for (var left = bits; left > 0;)
        {
            var take = Math.Min(left, 8);
            left -= take;
            range >>= take;
            low += (ulong)range * ((value >> left) & ((1u << take) - 1));
            while (range < Top) Shift();
        }

        return value;
    }

    /// <summary>Writes the shortest ending that lies within the range; the decoder reads zeros behind it.</summary>
    public void Finish()
    {
        low = (low + (Top - 1)) & ~(ulong)(Top - 1);
        Shift();
        Shift();
    }

    private void Shift()
    {
        if ((uint)low < 0xFF00_0000 || low >> 32 != 0)
        {
            var carry = (byte)(low >> 32);
            if (started) writer.Byte((byte)(cache + carry));
            for (; cached > 0; cached--) writer.Byte((byte)(0xFF + carry));
            started = true;
            cache = (byte)(low >> 24);
        }
        else
        {
            cached++;
        }

        low = (uint)low << 8;
        range <<= 8;
    }
}
