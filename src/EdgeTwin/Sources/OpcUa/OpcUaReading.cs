namespace EdgeTwin.Sources.OpcUa;

/// <summary>How values come in.</summary>
internal enum OpcUaReading
{
    /// <summary>The server tells of changes.</summary>
    Subscribe,

    /// <summary>Every tag is read each scan.</summary>
    Cyclic,
}
