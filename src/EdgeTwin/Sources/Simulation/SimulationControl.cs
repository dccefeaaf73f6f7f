namespace EdgeTwin.Sources.Simulation;

/// <summary>What sets the drive's speed.</summary>
internal enum SimulationControl
{
    /// <summary>The speed setpoint, as configured or written.</summary>
    Manual,

    /// <summary>A controller that holds the pump's flow, in m³/h.</summary>
    Flow,

    /// <summary>A controller that holds the tank's level, in m.</summary>
    Level,
}
