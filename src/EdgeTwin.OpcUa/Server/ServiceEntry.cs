using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Server;

/// <summary>A service as the dispatcher sees it: exactly one of the three kinds of handler is set.</summary>
/// <param name="name">For the log and the counters.</param>
internal sealed class ServiceEntry(string name)
{
    public string Name { get; } = name;

    /// <summary>Encoding id of the response, for inline handlers.</summary>
    public uint ResponseId { get; init; }

    public InlineHandler? Inline { get; init; }

    public DeferredHandler? Deferred { get; init; }

    public RequestDecoder? Decode { get; init; }

    public ServiceHandler<IServiceRequest>? Typed { get; init; }
}
