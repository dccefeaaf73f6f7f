namespace EdgeTwin.Tags.Expressions;

/// <summary>
/// The smallest or largest value of a sliding window in amortised O(1): a queue of the values that can still become the
/// extreme, each with the number of the piece of time it belongs to. A value that is outdone by a later one is dropped.
/// </summary>
internal sealed class ExtremeQueue(bool isMinimum)
{
    private (long Piece, double Value)[] ring = new (long, double)[16];
    private int head;
    private int count;

    /// <summary>The extreme; NaN when the window holds no value.</summary>
    public double Front => count == 0 ? double.NaN : ring[head].Value;

    public void Add(long piece, double value)
    {
        while (count > 0 && !Outdoes(Back.Value, value)) count--;
        if (count > 0 && Back.Piece == piece) return;
        if (count == ring.Length) Grow();
        count++;
        Back = (piece, value);
    }

    /// <summary>Drops values of pieces before this one.</summary>
    public void Forget(long oldest)
    {
        while (count > 0 && ring[head].Piece < oldest)
        {
            head = (head + 1) & (ring.Length - 1);
            count--;
        }
    }

    private ref (long Piece, double Value) Back => ref ring[(head + count - 1) & (ring.Length - 1)];

    private bool Outdoes(double earlier, double later) => isMinimum ? earlier < later : earlier > later;

    private void Grow()
    {
        var larger = new (long, double)[ring.Length * 2];
        for (var i = 0; i < count; i++) larger[i] = ring[(head + i) & (ring.Length - 1)];
        (ring, head) = (larger, 0);
    }
}
