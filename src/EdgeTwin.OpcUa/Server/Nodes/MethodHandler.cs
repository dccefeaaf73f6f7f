namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>Carries a method out. What completes at once is answered at once; what takes time goes on beside the
/// connection's other requests.</summary>
/// <param name="call">Object, method, checked arguments and caller.</param>
/// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
public delegate ValueTask<CallResult> MethodHandler(MethodCall call, CancellationToken cancellationToken);
