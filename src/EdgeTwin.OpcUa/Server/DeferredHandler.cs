using EdgeTwin.OpcUa.Encoding;

namespace EdgeTwin.OpcUa.Server;

/// <summary>A service that answers when it pleases, by <see cref="RequestContext.Connection"/> (Publish). Fails by
/// <see cref="OpcUaException"/>, which becomes a ServiceFault at once.</summary>
/// <param name="request">Stands behind the request header; valid during the call only.</param>
/// <param name="context">May be kept.</param>
internal delegate void DeferredHandler(ref UaReader request, RequestContext context);
