using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Events;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Diagnostics;

/// <summary>ServerStatus (OPC 10000-5 §8.3.1, §12.10): the structure and its parts, made when they are read.</summary>
internal sealed class ServerStatusNodes
{
    private readonly AddressSpace space;
    private readonly BuildInfo build;
    private readonly TimeProvider time;
    private readonly DateTime started;
    private volatile Shutdown? shutdown;

    public ServerStatusNodes(AddressSpace space, BuildInfo build, TimeProvider time)
    {
        (this.space, this.build, this.time) = (space, build, time);
        started = time.GetUtcNow().UtcDateTime;
        Fill();
    }

    /// <summary>How the server is.</summary>
    public ServerStatusDataType Status
    {
        get
        {
            var now = time.GetUtcNow().UtcDateTime;
            var end = shutdown;
            return new ServerStatusDataType
            {
                StartTime = started,
                CurrentTime = now,
                State = end is null ? ServerState.Running : ServerState.Shutdown,
                BuildInfo = build,
                SecondsTillShutdown = end is null ? 0 : (uint)Math.Max(0, Math.Ceiling((end.At - now).TotalSeconds)),
                ShutdownReason = end?.Reason ?? default,
            };
        }
    }

    /// <summary>Tells clients that the server will be gone: by the state, and by an event.</summary>
    public void BeginShutdown(TimeSpan grace, string reason)
    {
        var now = time.GetUtcNow().UtcDateTime;
        shutdown = new Shutdown(now + grace, new LocalizedText("en", reason));
        space.Events?.Raise(new ServerEvent
        {
            EventType = NodeIds.SystemStatusChangeEventType,
            SourceNode = NodeIds.Server,
            SourceName = "Server",
            Time = now,
            Message = new LocalizedText("en", reason),
            Severity = 800,
            Fields = new Dictionary<string, Variant> { ["SystemState"] = (int)ServerState.Shutdown },
        });
    }

    private void Fill()
    {
        Compute(NodeIds.Server_ServerStatus, () => Variant.Of(Status));
        Compute(NodeIds.Server_ServerStatus_StartTime, () => started);
        Compute(NodeIds.Server_ServerStatus_CurrentTime, () => time.GetUtcNow().UtcDateTime);
        Compute(NodeIds.Server_ServerStatus_State, () => (int)Status.State);
        Compute(NodeIds.Server_ServerStatus_SecondsTillShutdown, () => Status.SecondsTillShutdown);
        Compute(NodeIds.Server_ServerStatus_ShutdownReason, () => Status.ShutdownReason);
        Compute(NodeIds.Server_ServerStatus_BuildInfo, () => Variant.Of(build));
        Compute(NodeIds.Server_ServerStatus_BuildInfo_ProductName, () => build.ProductName);
        Compute(NodeIds.Server_ServerStatus_BuildInfo_ProductUri, () => build.ProductUri);
        Compute(NodeIds.Server_ServerStatus_BuildInfo_ManufacturerName, () => build.ManufacturerName);
        Compute(NodeIds.Server_ServerStatus_BuildInfo_SoftwareVersion, () => build.SoftwareVersion);
        Compute(NodeIds.Server_ServerStatus_BuildInfo_BuildNumber, () => build.BuildNumber);
        Compute(NodeIds.Server_ServerStatus_BuildInfo_BuildDate, () => build.BuildDate);
    }

    private void Compute(NodeId id, Func<Variant> value)
    {
        if (space.Find(id) is VariableNode node) node.Computed = () => Now(value());
    }

    private DataValue Now(in Variant value)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return new DataValue(value, default, now, now);
    }

    private sealed record Shutdown(DateTime At, LocalizedText Reason);
}
