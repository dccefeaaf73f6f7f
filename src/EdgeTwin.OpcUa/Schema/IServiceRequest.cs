using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Schema;

/// <summary>A request message of a service; its header comes first (OPC 10000-4 §7.32).</summary>
public interface IServiceRequest : IStructure
{
    /// <summary>The header: authentication token, handle, time-out hint.</summary>
    RequestHeader RequestHeader { get; }
}
