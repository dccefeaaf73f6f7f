using EdgeTwin.OpcUa.Channel;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server;

/// <summary>Which handler serves which request, by the encoding id of the request. Filled once at start.</summary>
internal sealed class ServiceTable
{
    private readonly Dictionary<uint, ServiceEntry> entries = [];

    /// <summary>A service of the hot path.</summary>
    /// <param name="requestId">Encoding id of the request.</param>
    /// <param name="responseId">Encoding id of the response.</param>
    /// <param name="name">The service's name, as the specification has it.</param>
    /// <param name="handler">What serves it.</param>
    /// <param name="mayGoOn">Whether it may go on asynchronously.</param>
    public void AddInline(uint requestId, uint responseId, string name, InlineHandler handler, bool mayGoOn = false) =>
        entries.Add(requestId, new ServiceEntry(name) { ResponseId = responseId, Inline = handler, MayGoOn = mayGoOn });

    /// <summary>A service that answers later by itself.</summary>
    public void AddDeferred(uint requestId, string name, DeferredHandler handler) =>
        entries.Add(requestId, new ServiceEntry(name) { Deferred = handler });

    /// <summary>A service on whole messages.</summary>
    public void Add<TRequest>(uint requestId, string name, ServiceHandler<TRequest> handler)
        where TRequest : class, IServiceRequest, IStructure<TRequest> =>
        entries.Add(requestId, Typed(name, handler, false));

    /// <summary>ActivateSession and CloseSession: look after the state of their session themselves.</summary>
    public void AddForSessionItself<TRequest>(uint requestId, string name, ServiceHandler<TRequest> handler)
        where TRequest : class, IServiceRequest, IStructure<TRequest> =>
        entries.Add(requestId, Typed(name, handler, true));

    /// <summary>A service without a session.</summary>
    public void AddSessionless<TRequest>(
        uint requestId, string name, Func<TRequest, IServerConnection, IServiceResponse> handler)
        where TRequest : class, IServiceRequest, IStructure<TRequest> =>
        entries.Add(requestId, new ServiceEntry(name)
        {
            Decode = static (ref UaReader reader) => TRequest.Decode(ref reader),
            Sessionless = (request, connection) => handler((TRequest)request, connection),
        });

    /// <summary>The service of a request; null when there is none.</summary>
    public ServiceEntry? Find(uint requestId) => entries.GetValueOrDefault(requestId);

    private static ServiceEntry Typed<TRequest>(string name, ServiceHandler<TRequest> handler, bool forSessionItself)
        where TRequest : class, IServiceRequest, IStructure<TRequest> => new(name)
        {
            Decode = static (ref UaReader reader) => TRequest.Decode(ref reader),
            Typed = (request, context) => handler((TRequest)request, context),
            MayGoOn = true,
            IsForSessionItself = forSessionItself,
        };
}
