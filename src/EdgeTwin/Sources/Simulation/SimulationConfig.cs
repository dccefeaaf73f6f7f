using System.ComponentModel.DataAnnotations;

namespace EdgeTwin.Sources.Simulation;

/// <summary>A physical model of motor, drive, pump, pipe and tank, for trying things out without a machine.</summary>
internal sealed record SimulationConfig : SourceConfig
{
    /// <summary>How many times faster than real time the plant lives.</summary>
    [Range(0.001, 3600)]
    public double SpeedFactor { get; init; } = 1;

    /// <summary>Seed of the sensor noise; the same seed gives the same noise.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Standard deviation of the sensor noise as a share of each sensor's span.</summary>
    [Range(0, 0.2)]
    public double Noise { get; init; } = 0.002;

    /// <summary>Whether the drive is started from the beginning.</summary>
    public bool Run { get; init; } = true;

    /// <summary>Speed setpoint of the drive at the start, in rpm.</summary>
    [Range(0, 3200)]
    public double SpeedSetpoint { get; init; } = 2700;

    /// <summary>Opening of the discharge valve at the start, in %.</summary>
    [Range(0, 100)]
    public double ValveOpening { get; init; } = 100;

    /// <summary>Opening of the tank's outlet at the start, in %.</summary>
    [Range(0, 100)]
    public double Demand { get; init; } = 80;

    /// <summary>What sets the drive's speed: <c>manual</c>, <c>flow</c> or <c>level</c>.</summary>
    public SimulationControl Control { get; init; } = SimulationControl.Manual;

    /// <summary>What the controller holds at the start: m³/h for <c>flow</c>, m for <c>level</c>; 20 and 1.2 when
    /// absent.</summary>
    [Range(0, 100)]
    public double? ControllerSetpoint { get; init; }

    /// <summary>Wear of the pump at the start, in % of a worn-out one.</summary>
    [Range(0, 100)]
    public double Wear { get; init; }

    /// <summary>Growth of the wear while the pump turns, in % per hour of the plant's time.</summary>
    [Range(0, 1_000_000)]
    public double WearPerHour { get; init; }

    /// <summary>Clogging of the discharge pipe at the start, in %.</summary>
    [Range(0, 100)]
    public double Clog { get; init; }

    /// <summary>Growth of the clogging while water flows, in % per hour of the plant's time.</summary>
    [Range(0, 1_000_000)]
    public double ClogPerHour { get; init; }
}
