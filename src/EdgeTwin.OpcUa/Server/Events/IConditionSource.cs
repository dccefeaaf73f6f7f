namespace EdgeTwin.OpcUa.Server.Events;

/// <summary>The seam for alarms and conditions: what ConditionRefresh reports (OPC 10000-9 §5.5.7).</summary>
internal interface IConditionSource
{
    /// <summary>The last event of every condition that is retained.</summary>
    IEnumerable<ServerEvent> Retained { get; }
}
