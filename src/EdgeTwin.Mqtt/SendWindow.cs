namespace EdgeTwin.Mqtt;

/// <summary>The places for messages without acknowledgement. Its size changes with each connection, as the broker
/// grants; places that are taken when it shrinks are withheld when they come back.</summary>
internal sealed class SendWindow(int size) : IDisposable
{
    private readonly SemaphoreSlim places = new(size);
    private readonly Lock gate = new();
    private int size = size;
    private int owed;

    public bool TryTake() => places.Wait(0, CancellationToken.None);

    public Task TakeAsync(CancellationToken cancellation) => places.WaitAsync(cancellation);

    public void Free(int count)
    {
        lock (gate)
        {
            var withheld = Math.Min(owed, count);
            owed -= withheld;
            count -= withheld;
        }
        if (count > 0) places.Release(count);
    }

    /// <summary>From now on there are so many places.</summary>
    public void Resize(int newSize)
    {
        var more = 0;
        lock (gate)
        {
            for (; size > newSize; size--)
                if (!TryTake()) owed++;
            if (size < newSize) more = newSize - size;
            size = newSize;
        }
        Free(more);
    }

    public void Dispose() => places.Dispose();
}
