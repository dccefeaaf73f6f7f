namespace EdgeTwin.Sources.Simulation;

/// <summary>
/// What the simulated plant is built of: a 3 kW, 2-pole motor on a drive, a centrifugal pump for 25 m³/h at 24 m, 60 m
/// of DN 80 pipe with a control valve, and an open tank 10 m above the sump. SI units unless the name says otherwise.
/// </summary>
internal sealed record PumpPlantParameters
{
    public double DensityKgPerM3 { get; init; } = 998.2;
    public double GravityMPerS2 { get; init; } = 9.80665;

    // Drive and motor
    public double RatedSpeedRpm { get; init; } = 2900;
    public double MaxSpeedRpm { get; init; } = 3200;
    public double RampRpmPerS { get; init; } = 300;
    public double SpeedLoopNmPerRadS { get; init; } = 0.4;
    public double MaxTorqueNm { get; init; } = 18;
    public double InertiaKgM2 { get; init; } = 0.02;
    public double SealFrictionNm { get; init; } = 0.2;
    public double MagnetisingCurrentA { get; init; } = 2.8;
    public double TorquePerCurrentNmPerA { get; init; } = 1.82;
    public double StatorResistanceOhm { get; init; } = 1.9;
    public double IronLossAtRatedSpeedW { get; init; } = 120;
    public double ThermalResistanceKPerW { get; init; } = 0.21;
    public double ThermalCapacityJPerK { get; init; } = 5700;
    public double AmbientC { get; init; } = 20;

    // Pump, at rated speed: head = shut-off head − a Q², shaft power = P0 + p1 Q
    public double ShutOffHeadM { get; init; } = 32;
    public double HeadSlopeS2PerM5 { get; init; } = 1.66e5;
    public double ShutOffPowerW { get; init; } = 950;
    public double PowerSlopeWPerM3S { get; init; } = 2.0e5;
    public double HeadLossOfFullWear { get; init; } = 0.35;
    public double PowerGainOfFullWear { get; init; } = 0.30;
    public double NpshRequiredAtShutOffM { get; init; } = 1.0;
    public double NpshRequiredSlopeS2PerM5 { get; init; } = 4.5e4;

    // Suction side
    public double AtmosphericPressurePa { get; init; } = 101_325;
    public double VapourPressurePa { get; init; } = 2_340;
    public double SuctionLevelM { get; init; } = 1.5;
    public double SuctionFrictionS2PerM5 { get; init; } = 8.0e3;

    // Discharge pipe and valve: friction head = K Q²
    public double StaticHeadM { get; init; } = 10;
    public double PipeFrictionS2PerM5 { get; init; } = 1.6e5;
    public double ClogFactorOfFullClog { get; init; } = 20;
    public double OpenValveFrictionS2PerM5 { get; init; } = 4.0e4;
    public double PipeLengthM { get; init; } = 60;
    public double PipeAreaM2 { get; init; } = 5.03e-3;

    // Tank with a bottom outlet
    public double TankAreaM2 { get; init; } = 1.5;
    public double TankHeightM { get; init; } = 2.5;
    public double OutletAreaM2 { get; init; } = 1.45e-3;
}
