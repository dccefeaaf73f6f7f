using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Server;

/// <summary>A service on whole messages. Handle and timestamp of the response header are put in by the dispatcher.
/// Fails by
/// <see cref="OpcUaException"/>, which becomes a ServiceFault. Goes on asynchronously only when it must, and then
/// heeds <see cref="RequestContext.CancellationToken"/>.</summary>
internal delegate ValueTask<IServiceResponse> ServiceHandler<in TRequest>(TRequest request, RequestContext context)
    where TRequest : IServiceRequest;
