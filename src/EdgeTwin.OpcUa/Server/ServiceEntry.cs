using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Diagnostics;

namespace EdgeTwin.OpcUa.Server;

/// <summary>A service as the dispatcher sees it: exactly one kind of handler is set.</summary>
/// <param name="name">For the log and the counters.</param>
internal sealed class ServiceEntry(string name)
{
    public string Name { get; } = name;

    /// <summary>Where diagnostics count it.</summary>
    public ServiceCounter Counter { get; } =
        Enum.TryParse<ServiceCounter>(name, out var counter) ? counter : ServiceCounter.None;

    /// <summary>Encoding id of the response, for inline handlers.</summary>
    public uint ResponseId { get; init; }

    public InlineHandler? Inline { get; init; }

    public DeferredHandler? Deferred { get; init; }

    public RequestDecoder? Decode { get; init; }

    public ServiceHandler<IServiceRequest>? Typed { get; init; }

    /// <summary>A service without a session.</summary>
    public SessionlessHandler? Sessionless { get; init; }

    /// <summary>May go on asynchronously: refused while the session has too many that do.</summary>
    public bool MayGoOn { get; init; }

    /// <summary>May come before the activation, or over another channel (ActivateSession, CloseSession).</summary>
    public bool IsForSessionItself { get; init; }
}
