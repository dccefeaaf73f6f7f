namespace EdgeTwin.Sources.Simulation;

/// <summary>What acts on the plant from outside during a step.</summary>
/// <param name="Run">Whether the drive is started.</param>
/// <param name="SpeedSetpointRpm">Speed that the drive is to reach, 0 to its maximum.</param>
/// <param name="ValveOpening">Of the discharge valve, 0 (shut) to 1.</param>
/// <param name="Demand">Opening of the tank's outlet, 0 to 1.</param>
/// <param name="Wear">Of impeller and wear rings, 0 (new) to 1.</param>
/// <param name="Clog">Of the discharge pipe, 0 (clean) to 1.</param>
internal readonly record struct PumpPlantInputs(
    bool Run, double SpeedSetpointRpm, double ValveOpening, double Demand, double Wear, double Clog);
