using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server;

/// <summary>Which handler serves which request, by the encoding id of the request. Filled once at start.</summary>
internal sealed class ServiceTable
{
    private readonly Dictionary<uint, ServiceEntry> entries = [];

    /// <summary>A service of the hot path.</summary>
    public void AddInline(uint requestId, uint responseId, string name, InlineHandler handler) =>
        entries.Add(requestId, new ServiceEntry(name) { ResponseId = responseId, Inline = handler });

    /// <summary>A service that answers later by itself.</summary>
    public void AddDeferred(uint requestId, string name, DeferredHandler handler) =>
        entries.Add(requestId, new ServiceEntry(name) { Deferred = handler });

    /// <summary>A service on whole messages.</summary>
    public void Add<TRequest>(uint requestId, string name, ServiceHandler<TRequest> handler)
        where TRequest : class, IServiceRequest, IStructure<TRequest> =>
        entries.Add(requestId, new ServiceEntry(name)
        {
            Decode = static (ref UaReader reader) => TRequest.Decode(ref reader),
            Typed = (request, context) => handler((TRequest)request, context),
        });

    /// <summary>The service of a request; null when there is none.</summary>
    public ServiceEntry? Find(uint requestId) => entries.GetValueOrDefault(requestId);
}
