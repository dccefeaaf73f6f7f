using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Server;

/// <summary>A service of the hot path: reads the request's fields after its header, writes the response's after its
/// head.
/// Fails by <see cref="OpcUaException"/>, which becomes a ServiceFault; what was written is then dropped.</summary>
/// <param name="request">Stands behind the request header; valid during the call only.</param>
/// <param name="context">May be kept.</param>
/// <param name="response">The head (result Good) is written already.</param>
/// <returns>Null when the response is written; else the task that brings it, and what was written is dropped.</returns>
internal delegate Task<IServiceResponse>? InlineHandler(
    ref UaReader request, RequestContext context, ref UaWriter response);
