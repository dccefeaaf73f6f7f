namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>Who wants to know of a change in an attribute other than Value; reads it again when told.</summary>
internal interface IAttributeWatcher
{
    /// <summary>The attribute has another value now. Called by whoever changed it; must not wait.</summary>
    void OnAttribute(Node node, uint attributeId);
}
