namespace EdgeTwin.Journal.Codec;

/// <summary>
/// One end of an arithmetic coder. A model is written once for both directions: it offers the bit that it would write
/// and goes on with the bit that it gets, which is the same one when encoding and the stored one when decoding.
/// </summary>
internal interface IBitCoder
{
    int Bit(ref BitModel model, int bit);

    /// <summary>Bits without a model, at most 64, the highest first.</summary>
    ulong Raw(ulong value, int bits);
}
