namespace EdgeTwin.Sources.Simulation;

/// <summary>
/// The plant with everything around it that an operator sees: start command, setpoints, valve, optional controller, and
/// wear and clogging that grow. Advances in fixed steps, so the same inputs at the same times give the same result.
/// </summary>
internal sealed class SimulatedPlant
{
    /// <summary>Length of one step.</summary>
    public static readonly TimeSpan StepLength = TimeSpan.FromMilliseconds(10);

    private const double SecondsPerHour = 3600;
    private const double MaxSpeedRpm = 3200;

    private readonly SimulationConfig config;
    private PiController? controller;

    public SimulatedPlant(SimulationConfig config)
    {
        this.config = config;
        Run = config.Run;
        SpeedSetpointRpm = config.SpeedSetpoint;
        ValveOpening = config.ValveOpening / 100;
        Demand = config.Demand / 100;
        Wear = config.Wear / 100;
        Clog = config.Clog / 100;
        ControllerSetpoint = config.ControllerSetpoint ?? (config.Control == SimulationControl.Level ? 1.2 : 20);
    }

    public PumpPlant Plant { get; } = new(new PumpPlantParameters { MaxSpeedRpm = MaxSpeedRpm });

    public SimulationControl Control => config.Control;

    public bool Run { get; set; }

    /// <summary>What the drive is told; the controller's output where there is one.</summary>
    public double SpeedSetpointRpm { get; set; }

    /// <summary>0 to 1.</summary>
    public double ValveOpening { get; set; }

    /// <summary>0 to 1.</summary>
    public double Demand { get; set; }

    /// <summary>0 to 1.</summary>
    public double Wear { get; set; }

    /// <summary>0 to 1.</summary>
    public double Clog { get; set; }

    /// <summary>m³/h or m.</summary>
    public double ControllerSetpoint { get; set; }

    /// <summary>The quantity that the controller holds, in its unit; the flow where there is no controller.</summary>
    public double Controlled => Control == SimulationControl.Level ? Plant.TankLevelM
        : Plant.FlowM3PerS * SecondsPerHour;

    public void Advance(long steps)
    {
        var dtS = StepLength.TotalSeconds;
        for (long i = 0; i < steps; i++)
        {
            if (Control != SimulationControl.Manual) StepController(dtS);
            if (Plant.SpeedRpm > 1) Wear = Math.Min(1, Wear + config.WearPerHour / 100 * dtS / SecondsPerHour);
            if (Plant.FlowM3PerS > 0) Clog = Math.Min(1, Clog + config.ClogPerHour / 100 * dtS / SecondsPerHour);
            Plant.Step(dtS, new PumpPlantInputs(Run, SpeedSetpointRpm, ValveOpening, Demand, Wear, Clog));
        }
    }

    private void StepController(double dtS)
    {
        if (!Run)
        {
            controller = null; // it takes over again without a jump when the drive is started
            return;
        }

        if (controller is null)
        {
            controller = Control == SimulationControl.Flow
                ? new PiController(gain: 25, integralTimeS: 1.5, 0, MaxSpeedRpm)
                : new PiController(gain: 1500, integralTimeS: 120, 0, MaxSpeedRpm);
            controller.Begin(SpeedSetpointRpm, ControllerSetpoint, Controlled);
        }

        SpeedSetpointRpm = controller.Step(dtS, ControllerSetpoint, Controlled);
    }
}
