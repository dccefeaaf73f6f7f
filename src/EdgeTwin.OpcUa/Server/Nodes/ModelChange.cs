namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>Holds changes of the structure together: when the last one that is open is disposed, clients are told
/// once.</summary>
public sealed class ModelChange : IDisposable
{
    private AddressSpace? space;

    internal ModelChange(AddressSpace space)
    {
        this.space = space;
    }

    public void Dispose() => Interlocked.Exchange(ref space, null)?.EndChange();
}
