using System.Runtime.CompilerServices;

namespace EdgeTwin.Journal.Codec;

/// <summary>
/// The learnt probability that a bit is 1: an average over the bits seen, that becomes an exponential one after 128 of
/// them. Part of the format: encoder and decoder learn alike, in integers.
/// </summary>
internal struct BitModel
{
    public const int Bits = 16;
    private const int SlowestRate = 7;

    private ushort probability;
    private byte seen;

    public BitModel()
    {
        probability = 1 << (Bits - 1);
    }

    /// <summary>Probability of a 1 in 1/65536; never 0 and never 1.</summary>
    public readonly uint OfOne => Math.Clamp(probability, (uint)32, (1 << Bits) - 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Learn(int bit)
    {
        var miss = (bit == 0 ? 0 : (1 << Bits) - 1) - probability;
        probability =
            (ushort)(probability + (seen < (1 << SlowestRate) - 2 ? miss / (++seen + 1) : miss >> SlowestRate));
    }

    public static BitModel[] Fresh(int count)
    {
        var models = new BitModel[count];
        Array.Fill(models, new BitModel());
        return models;
    }
}
