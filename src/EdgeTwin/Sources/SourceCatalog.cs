namespace EdgeTwin.Sources;

/// <summary>Every driver there is, one line each.</summary>
internal static class SourceCatalog
{
    public static IReadOnlyList<SourceDriver> Drivers { get; } =
    [
        Modbus.ModbusTcpSource.Driver,
        Mqtt.MqttSource.Driver,
        OpcUa.OpcUaSource.Driver,
        Replay.ReplaySource.Driver,
        Simulation.SimulationSource.Driver,
    ];
}
