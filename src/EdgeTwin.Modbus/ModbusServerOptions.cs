namespace EdgeTwin.Modbus;

/// <summary>What a <see cref="ModbusServer"/> grants its clients.</summary>
public sealed record ModbusServerOptions
{
    /// <summary>Connections at a time; further ones are closed at once and counted. Default 32.</summary>
    public int MaxConnections { get; init; } = 32;

    /// <summary>A connection without a complete request, or that does not take its answers, for so long is closed.
    /// Default 60 s.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
