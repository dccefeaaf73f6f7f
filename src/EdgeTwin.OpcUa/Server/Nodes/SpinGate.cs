namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>A lock of four bytes within its owner, for what is held for a moment and hardly ever wanted twice: one
/// atomic instruction to enter. Not re-entrant; a mutable struct, never copied.</summary>
internal struct SpinGate
{
    private int taken;

    /// <summary>Waits until nobody else is inside.</summary>
    public void Enter()
    {
        if (Interlocked.CompareExchange(ref taken, 1, 0) != 0)
        {
            WaitAndEnter();
        }
    }

    /// <summary>Lets the next one in.</summary>
    public void Exit() => Volatile.Write(ref taken, 0);

    // A holder that lost its processor is waited for with yields, and sleeps of a millisecond after some.
    private void WaitAndEnter()
    {
        var spin = new SpinWait();
        do
        {
            spin.SpinOnce();
        }
        while (Interlocked.CompareExchange(ref taken, 1, 0) != 0);
    }
}
