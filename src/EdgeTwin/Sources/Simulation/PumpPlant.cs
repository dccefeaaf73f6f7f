namespace EdgeTwin.Sources.Simulation;

/// <summary>
/// The physics of motor, drive, pump, pipe and tank as lumped parameters; pure, without clock, noise or control.
/// <list type="bullet">
/// <item>Pump: affinity laws H ~ n², P ~ n³ at Q ~ n, with a quadratic head curve and a linear power curve; J. F.
/// Gülich,
/// <i>Centrifugal Pumps</i>, §4.1.2 (head and power curves) and §2.1 (NPSH).</item>
/// <item>Pipe: momentum of a rigid water column, ρL/A · dQ/dt = Δp, with Darcy–Weisbach friction in the turbulent range
/// (~ Q²); valve friction ~ 1/opening² (linear characteristic); a check valve, so Q ≥ 0.</item>
/// <item>Tank: conservation of volume; outlet after Torricelli, Q = A √(2 g h).</item>
/// <item>Motor: J dω/dt = T − T_load under the drive's speed loop; current from its magnetising and torque components
/// (W. Leonhard, <i>Control of Electrical Drives</i>, ch. 12); one thermal mass heated by copper and iron
/// losses.</item>
/// </list>
/// The flow is integrated by the implicit Euler rule, which has a closed form for quadratic friction and stays stable
/// however far the valve is shut; the rest semi-implicitly, each state with the newest value of the others.
/// </summary>
internal sealed class PumpPlant(PumpPlantParameters parameters)
{
    private const double RpmPerRadS = 60 / (2 * Math.PI);
    private const double ShutValve = 1e-4;

    // Losses of a pump that turns out of the water's reach: head is held down to this share in full cavitation.
    private const double LeastHeadInCavitation = 0.4;

    private readonly PumpPlantParameters p = parameters;
    private readonly double ratedRadS = parameters.RatedSpeedRpm / RpmPerRadS;
    private double speedReferenceRpm;
    private double angularRadS;

    /// <summary>Speed that the ramp of the drive asks for at the moment.</summary>
    public double SpeedReferenceRpm => speedReferenceRpm;

    public double SpeedRpm => angularRadS * RpmPerRadS;

    /// <summary>Torque of the motor on the shaft.</summary>
    public double MotorTorqueNm { get; private set; }

    public double MotorCurrentA { get; private set; }

    /// <summary>Electrical power into the motor: shaft power and losses.</summary>
    public double MotorPowerW { get; private set; }

    public double MotorLossW { get; private set; }

    public double MotorTemperatureC { get; private set; } = parameters.AmbientC;

    /// <summary>Mechanical power that the pump takes from the shaft.</summary>
    public double ShaftPowerW { get; private set; }

    public double FlowM3PerS { get; private set; }

    /// <summary>Head of the pump, from suction to discharge flange.</summary>
    public double HeadM { get; private set; }

    /// <summary>Hydraulic power over shaft power, 0 to 1.</summary>
    public double Efficiency { get; private set; }

    /// <summary>Gauge pressure at the suction flange.</summary>
    public double SuctionPressurePa { get; private set; }

    /// <summary>Gauge pressure at the discharge flange.</summary>
    public double DischargePressurePa => SuctionPressurePa + p.DensityKgPerM3 * p.GravityMPerS2 * HeadM;

    /// <summary>Available minus required net positive suction head; below 0 the pump cavitates.</summary>
    public double NpshMarginM { get; private set; }

    /// <summary>Vibration velocity at the bearing: grows with speed, wear and cavitation. An index with the usual unit
    /// and size, not a mechanical model.</summary>
    public double VibrationMmPerS { get; private set; }

    public double TankLevelM { get; private set; } = 0.8;

    public double OutflowM3PerS { get; private set; }

    /// <summary>Since the start.</summary>
    public double InflowVolumeM3 { get; private set; }

    /// <summary>Since the start.</summary>
    public double OutflowVolumeM3 { get; private set; }

    /// <summary>Since the start; over the brim.</summary>
    public double OverflowVolumeM3 { get; private set; }

    /// <summary>Electrical energy since the start.</summary>
    public double EnergyJ { get; private set; }

    /// <summary>Heat given to the surroundings by the motor since the start.</summary>
    public double HeatGivenOffJ { get; private set; }

    /// <summary>Moves the plant on by one step; the parameters are meant for steps of about 10 ms.</summary>
    public void Step(double dtS, in PumpPlantInputs inputs)
    {
        StepFlow(dtS, inputs);
        StepShaft(dtS, inputs);
        StepMotorHeat(dtS);
        StepTank(dtS, inputs);
    }

    private void StepFlow(double dtS, in PumpPlantInputs inputs)
    {
        var ratio = angularRadS / ratedRadS;
        var opening = Math.Clamp(inputs.ValveOpening, 0, 1);
        var shutOffHead = ratio * ratio * p.ShutOffHeadM * (1 - p.HeadLossOfFullWear * inputs.Wear);
        UpdateSuction(ratio);
        var driving = shutOffHead * CavitationFactor() - p.StaticHeadM - TankLevelM + p.SuctionLevelM;
        var friction = p.HeadSlopeS2PerM5 + p.SuctionFrictionS2PerM5
            + p.PipeFrictionS2PerM5 * (1 + p.ClogFactorOfFullClog * inputs.Clog)
            + p.OpenValveFrictionS2PerM5 / (Math.Max(opening, ShutValve) * Math.Max(opening, ShutValve));

        // Q' = Q + c (driving − friction Q'²), solved for Q'
        var gain = dtS * p.GravityMPerS2 * p.PipeAreaM2 / p.PipeLengthM;
        var right = FlowM3PerS + gain * driving;
        var quadratic = gain * friction;
        FlowM3PerS = right <= 0 || opening < ShutValve
            ? 0
            : (Math.Sqrt(1 + 4 * quadratic * right) - 1) / (2 * quadratic);
        HeadM = shutOffHead * CavitationFactor() - p.HeadSlopeS2PerM5 * FlowM3PerS * FlowM3PerS;

        var load = ratio * ratio * p.ShutOffPowerW + ratio * p.PowerSlopeWPerM3S * FlowM3PerS;
        ShaftPowerW = ratio * load * (1 + p.PowerGainOfFullWear * inputs.Wear);
        var hydraulic = p.DensityKgPerM3 * p.GravityMPerS2 * FlowM3PerS * HeadM;
        Efficiency = ShaftPowerW > 1 ? Math.Clamp(hydraulic / ShaftPowerW, 0, 1) : 0;
        var cavitation = (1 - CavitationFactor()) / (1 - LeastHeadInCavitation);
        VibrationMmPerS = ratio * ratio * (1.2 + 6 * inputs.Wear) + 3 * ratio * cavitation;
    }

    private void UpdateSuction(double ratio)
    {
        var weight = p.DensityKgPerM3 * p.GravityMPerS2;
        var suctionHead = p.SuctionLevelM - p.SuctionFrictionS2PerM5 * FlowM3PerS * FlowM3PerS;
        SuctionPressurePa = weight * suctionHead;
        var available = (p.AtmosphericPressurePa - p.VapourPressurePa) / weight + suctionHead;
        var required = ratio * ratio * p.NpshRequiredAtShutOffM + p.NpshRequiredSlopeS2PerM5 * FlowM3PerS * FlowM3PerS;
        NpshMarginM = available - required;
    }

    // Half a metre short costs about a fifth of the head; the shape is a hint, not a two-phase model.
    private double CavitationFactor() => Math.Clamp(1 + 0.4 * NpshMarginM, LeastHeadInCavitation, 1);

    private void StepShaft(double dtS, in PumpPlantInputs inputs)
    {
        var target = inputs.Run ? Math.Clamp(inputs.SpeedSetpointRpm, 0, p.MaxSpeedRpm) : 0;
        var ramp = p.RampRpmPerS * dtS;
        speedReferenceRpm += Math.Clamp(target - speedReferenceRpm, -ramp, ramp);

        var loadTorque = p.SealFrictionNm + (angularRadS > 0.1 ? ShaftPowerW / angularRadS : 0);
        var asked = loadTorque + p.SpeedLoopNmPerRadS * (speedReferenceRpm / RpmPerRadS - angularRadS);
        var powered = inputs.Run || speedReferenceRpm > 0;
        MotorTorqueNm = powered ? Math.Clamp(asked, -p.MaxTorqueNm, p.MaxTorqueNm) : 0;
        angularRadS = Math.Max(0, angularRadS + dtS * (MotorTorqueNm - loadTorque) / p.InertiaKgM2);
        var torqueCurrent = MotorTorqueNm / p.TorquePerCurrentNmPerA;
        MotorCurrentA = powered ? double.Hypot(p.MagnetisingCurrentA, torqueCurrent) : 0;
    }

    private void StepMotorHeat(double dtS)
    {
        var ratio = angularRadS / ratedRadS;
        MotorLossW = 3 * p.StatorResistanceOhm * MotorCurrentA * MotorCurrentA
            + (MotorCurrentA > 0 ? p.IronLossAtRatedSpeedW * ratio * ratio : 0);
        MotorPowerW = MotorTorqueNm * angularRadS + MotorLossW;
        var givenOff = (MotorTemperatureC - p.AmbientC) / p.ThermalResistanceKPerW;
        MotorTemperatureC += dtS * (MotorLossW - givenOff) / p.ThermalCapacityJPerK;
        EnergyJ += dtS * MotorPowerW;
        HeatGivenOffJ += dtS * givenOff;
    }

    private void StepTank(double dtS, in PumpPlantInputs inputs)
    {
        var free = p.OutletAreaM2 * Math.Clamp(inputs.Demand, 0, 1) * Math.Sqrt(2 * p.GravityMPerS2 * TankLevelM);
        var inflow = dtS * FlowM3PerS;
        var outflow = Math.Min(dtS * free, TankLevelM * p.TankAreaM2 + inflow);
        var level = TankLevelM + (inflow - outflow) / p.TankAreaM2;
        var overflow = Math.Max(0, level - p.TankHeightM) * p.TankAreaM2;
        TankLevelM = Math.Clamp(level, 0, p.TankHeightM);
        OutflowM3PerS = outflow / dtS;
        InflowVolumeM3 += inflow;
        OutflowVolumeM3 += outflow;
        OverflowVolumeM3 += overflow;
    }
}
