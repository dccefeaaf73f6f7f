using EdgeTwin.Serving.OpcUa;

namespace EdgeTwin.Serving;

/// <summary>Who may look at the twin where it stands.</summary>
internal sealed record ServingConfig
{
    /// <summary>The twin over OPC UA; without this section it is not served.</summary>
    public OpcUaServerConfig? Opcua { get; init; }
}
