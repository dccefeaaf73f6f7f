using System.Collections.Frozen;
using EdgeTwin.Tags;

namespace EdgeTwin.Sources.Simulation;

/// <summary>One address of the simulated plant.</summary>
/// <param name="Address">As written in the configuration.</param>
/// <param name="Unit">Unit of the raw value, for people.</param>
/// <param name="Span">Span of the sensor, the base of its noise; 0 for what is not measured and has no noise.</param>
/// <param name="Read">The raw value.</param>
/// <param name="Low">Least value that may be written.</param>
/// <param name="High">Greatest value that may be written.</param>
/// <param name="Write">Null where nothing can be written; false from it when it cannot be written now.</param>
internal sealed record SimulationPoint(
    string Address, string Unit, double Span, Func<SimulatedPlant, double> Read,
    double Low = 0, double High = 0, Func<SimulatedPlant, double, bool>? Write = null)
{
    private const double M3PerHour = 3600;
    private const double Bar = 1e-5;

    /// <summary>Every address, in the order of the documentation.</summary>
    public static IReadOnlyList<SimulationPoint> All { get; } =
    [
        new("drive.run", "0 or 1", 0, s => s.Run ? 1 : 0, 0, 1, (s, v) => Set(() => s.Run = v != 0)),
        new("drive.speed-setpoint", "rpm", 0, s => s.SpeedSetpointRpm, 0, 3200, SetSpeed),
        new("drive.speed", "rpm", 3200, s => s.Plant.SpeedRpm),
        new("motor.current", "A", 12, s => s.Plant.MotorCurrentA),
        new("motor.torque", "N·m", 18, s => s.Plant.MotorTorqueNm),
        new("motor.power", "kW", 5, s => s.Plant.MotorPowerW / 1000),
        new("motor.energy", "kWh", 0, s => s.Plant.EnergyJ / 3.6e6),
        new("motor.temperature", "°C", 150, s => s.Plant.MotorTemperatureC),
        new("pump.flow", "m³/h", 40, s => s.Plant.FlowM3PerS * M3PerHour),
        new("pump.pressure", "bar", 6, s => s.Plant.DischargePressurePa * Bar),
        new("pump.suction-pressure", "bar", 1, s => s.Plant.SuctionPressurePa * Bar),
        new("pump.head", "m", 0, s => s.Plant.HeadM),
        new("pump.efficiency", "%", 0, s => s.Plant.Efficiency * 100),
        new("pump.npsh-margin", "m", 0, s => s.Plant.NpshMarginM),
        new("pump.vibration", "mm/s", 10, s => s.Plant.VibrationMmPerS),
        new("pump.wear", "%", 0, s => s.Wear * 100, 0, 100, (s, v) => Set(() => s.Wear = v / 100)),
        new("pipe.clog", "%", 0, s => s.Clog * 100, 0, 100, (s, v) => Set(() => s.Clog = v / 100)),
        new("valve.opening", "%", 0, s => s.ValveOpening * 100, 0, 100, (s, v) => Set(() => s.ValveOpening = v / 100)),
        new("tank.level", "m", 2.5, s => s.Plant.TankLevelM),
        new("tank.outflow", "m³/h", 40, s => s.Plant.OutflowM3PerS * M3PerHour),
        new("tank.demand", "%", 0, s => s.Demand * 100, 0, 100, (s, v) => Set(() => s.Demand = v / 100)),
        new("controller.setpoint", "m³/h or m", 0, s => s.ControllerSetpoint, 0, 100, SetController),
    ];

    private static readonly FrozenDictionary<string, SimulationPoint> ByAddress =
        All.ToFrozenDictionary(point => point.Address);

    public static SimulationPoint? Find(string address) => ByAddress.GetValueOrDefault(address);

    /// <summary>Finds what is wrong with a tag of the simulation.</summary>
    public static IEnumerable<(string Key, string Message)> CheckTag(SourceConfig source, TagConfig tag)
    {
        if (Find(tag.Address) is not { } point)
        {
            var names = All.Select(one => one.Address).ToArray();
            var near = NearestName.Find(tag.Address, names);
            var hint = near is not null ? $"did you mean '{near}'?" : $"it has {string.Join(", ", names)}";
            yield return ("address", $"the simulation has no '{tag.Address}'; {hint}");
            yield break;
        }

        var isSwitch = point.Address == "drive.run";
        if (tag.Type is TagDataType.String or TagDataType.None || tag.Type == TagDataType.Bool && !isSwitch)
            yield return ("type",
                $"'{point.Address}' is a number in {point.Unit}; write float64 or another number type");
    }

    private static bool Set(Action set)
    {
        set();
        return true;
    }

    // With a controller in charge a written speed would be gone with the next step; better to say so.
    private static bool SetSpeed(SimulatedPlant plant, double rpm) =>
        plant.Control == SimulationControl.Manual && Set(() => plant.SpeedSetpointRpm = rpm);

    private static bool SetController(SimulatedPlant plant, double setpoint) =>
        plant.Control != SimulationControl.Manual && Set(() => plant.ControllerSetpoint = setpoint);
}
