using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Schema;

/// <summary>A response message of a service; its header comes first (OPC 10000-4 §7.33).</summary>
public interface IServiceResponse : IStructure
{
    /// <summary>The header: the request's handle and the result of the service as a whole.</summary>
    ResponseHeader ResponseHeader { get; }
}
