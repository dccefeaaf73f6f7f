using EdgeTwin.Upstream;

namespace EdgeTwin.Tests.RealPeers.Mqtt;

/// <summary>Lets the uplink connect only while the auditor listens, for what nobody hears is lost at QoS
/// 0.</summary>
internal sealed class GatedUplink(IUplink inner, Func<bool> open) : IUplink
{
    public string Target => inner.Target;

    public int Window => inner.Window;

    public Task ConnectAsync(IUplinkObserver observer, CancellationToken cancellation) => open()
        ? inner.ConnectAsync(observer, cancellation)
        : throw new UplinkException("the auditor is not there yet");

    public SendOutcome TrySend(SampleRun run, long token) => inner.TrySend(run, token);

    public ValueTask FlushAsync() => inner.FlushAsync();

    public Task DisconnectAsync(TimeSpan patience) => inner.DisconnectAsync(patience);

    public void Abort() => inner.Abort();

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
