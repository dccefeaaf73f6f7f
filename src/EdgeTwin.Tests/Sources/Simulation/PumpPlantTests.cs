using EdgeTwin.Sources.Simulation;

namespace EdgeTwin.Tests.Sources.Simulation;

public class PumpPlantTests
{
    private const double Step = 0.01;
    private static readonly PumpPlantParameters Parameters = new();
    private static readonly PumpPlantInputs Normal =
        new(Run: true, 2900, ValveOpening: 1, Demand: 0.8, Wear: 0, Clog: 0);

    [Fact]
    public void The_steady_state_is_the_intersection_of_pump_and_system_curve()
    {
        var plant = Settled(Normal, seconds: 30);
        var q2 = plant.FlowM3PerS * plant.FlowM3PerS;
        var ratio = plant.SpeedRpm / Parameters.RatedSpeedRpm;
        var pumpHead = ratio * ratio * Parameters.ShutOffHeadM - Parameters.HeadSlopeS2PerM5 * q2;
        var systemHead = Parameters.StaticHeadM + plant.TankLevelM - Parameters.SuctionLevelM
            + (Parameters.PipeFrictionS2PerM5 + Parameters.OpenValveFrictionS2PerM5
                + Parameters.SuctionFrictionS2PerM5) * q2;
        Assert.True(plant.NpshMarginM > 0, "control: the curves hold without cavitation");
        Assert.InRange(plant.FlowM3PerS * 3600, 20, 30);
        Assert.Equal(systemHead, pumpHead, tolerance: 0.05); // the level still moves
        Assert.Equal(pumpHead, plant.HeadM, tolerance: 1e-9);
    }

    [Fact]
    public void The_speed_reaches_its_setpoint_along_the_ramp()
    {
        var plant = new PumpPlant(Parameters);
        Run(plant, Normal, seconds: 5);
        Assert.Equal(5 * Parameters.RampRpmPerS, plant.SpeedRpm, tolerance: 60);
        Run(plant, Normal, seconds: 15);
        Assert.Equal(2900, plant.SpeedRpm, tolerance: 1);
    }

    [Theory]
    [InlineData(0.9)]
    [InlineData(0.8)]
    [InlineData(0.7)]
    public void The_pump_obeys_the_affinity_laws(double ratio)
    {
        // Without static head the system curve is a parabola through the origin, along which the laws hold exactly.
        // The 0.8 m in the tank at the start are taken off, and a wide tank stays at its level.
        var level = Parameters with { StaticHeadM = -0.8, SuctionLevelM = 0, TankAreaM2 = 1e9 };
        var full = new PumpPlant(level);
        var slow = new PumpPlant(level);
        Run(full, Normal, seconds: 40);
        Run(slow, Normal with { SpeedSetpointRpm = 2900 * ratio }, seconds: 40);
        Assert.Equal(ratio, slow.FlowM3PerS / full.FlowM3PerS, tolerance: 2e-3);
        Assert.Equal(ratio * ratio, slow.HeadM / full.HeadM, tolerance: 2e-3);
        Assert.Equal(ratio * ratio * ratio, slow.ShaftPowerW / full.ShaftPowerW, tolerance: 2e-3);
    }

    [Fact]
    public void Water_is_neither_made_nor_lost()
    {
        var plant = new PumpPlant(Parameters);
        var start = plant.TankLevelM * Parameters.TankAreaM2;
        var random = new Random(5);
        for (var i = 0; i < 60; i++)
        {
            var inputs = Normal with
            {
                ValveOpening = random.NextDouble(),
                Demand = random.NextDouble(),
                Run =
                random.Next(4) > 0
            };
            Run(plant, inputs, seconds: 20);
        }

        Run(plant, Normal with { Demand = 0 }, seconds: 900);
        var kept = plant.TankLevelM * Parameters.TankAreaM2 - start;
        Assert.True(plant.OverflowVolumeM3 > 0, "control: the tank must have run over");
        Assert.Equal(kept, plant.InflowVolumeM3 - plant.OutflowVolumeM3 - plant.OverflowVolumeM3, tolerance: 1e-9);
    }

    [Fact]
    public void Energy_is_neither_made_nor_lost()
    {
        var plant = new PumpPlant(Parameters);
        double shaftJ = 0;
        for (var i = 0; i < 600 / Step; i++)
        {
            plant.Step(Step, Normal);
            shaftJ += plant.MotorTorqueNm * plant.SpeedRpm * Math.PI / 30 * Step;
        }

        var stored = (plant.MotorTemperatureC - Parameters.AmbientC) * Parameters.ThermalCapacityJPerK;
        Assert.Equal(plant.EnergyJ, shaftJ + stored + plant.HeatGivenOffJ, tolerance: plant.EnergyJ * 1e-9);
        var hydraulic = Parameters.DensityKgPerM3 * Parameters.GravityMPerS2 * plant.FlowM3PerS * plant.HeadM;
        Assert.InRange(plant.ShaftPowerW, hydraulic, plant.MotorPowerW);
    }

    [Fact]
    public void The_motor_warms_up_to_ambient_plus_loss_times_resistance()
    {
        var plant = new PumpPlant(Parameters with { ThermalCapacityJPerK = 570 }); // settles ten times as fast
        Run(plant, Normal, seconds: 10 * 120);
        Assert.Equal(Parameters.AmbientC + plant.MotorLossW * Parameters.ThermalResistanceKPerW,
            plant.MotorTemperatureC, tolerance: 0.2);
        Assert.InRange(plant.MotorTemperatureC, 60, 120);
    }

    [Fact]
    public void A_worn_pump_delivers_less_at_a_worse_efficiency_and_shakes()
    {
        var fresh = Settled(Normal, seconds: 60);
        var worn = Settled(Normal with { Wear = 0.5 }, seconds: 60);
        Assert.True(worn.FlowM3PerS < 0.95 * fresh.FlowM3PerS);
        Assert.True(worn.Efficiency < 0.95 * fresh.Efficiency);
        Assert.True(worn.VibrationMmPerS > 2 * fresh.VibrationMmPerS);
    }

    [Fact]
    public void A_clogged_pipe_lowers_flow_and_raises_pressure()
    {
        var clean = Settled(Normal, seconds: 60);
        var clogged = Settled(Normal with { Clog = 0.3 }, seconds: 60);
        Assert.True(clogged.FlowM3PerS < 0.7 * clean.FlowM3PerS);
        Assert.True(clogged.DischargePressurePa > clean.DischargePressurePa);
    }

    [Fact]
    public void Water_close_to_boiling_cavitates()
    {
        var boiling = new PumpPlant(Parameters with { VapourPressurePa = 94_300 });
        Run(boiling, Normal, seconds: 60);
        var healthy = Settled(Normal, seconds: 60);
        Assert.True(boiling.NpshMarginM < 0 && boiling.FlowM3PerS < healthy.FlowM3PerS && healthy.NpshMarginM > 1);
        Assert.True(boiling.VibrationMmPerS > healthy.VibrationMmPerS);
    }

    [Fact]
    public void A_stopped_pump_neither_flows_back_nor_draws_current()
    {
        var plant = Settled(Normal, seconds: 60);
        Run(plant, Normal with { Run = false }, seconds: 60);
        Assert.Equal(0, plant.FlowM3PerS);
        Assert.Equal(0, plant.SpeedRpm, tolerance: 1e-6);
        Assert.Equal(0, plant.MotorCurrentA);
        Assert.Equal(0, plant.MotorPowerW);
    }

    [Fact]
    public void A_shut_valve_stops_the_flow_and_the_pump_runs_at_shut_off_head()
    {
        var plant = Settled(Normal with { ValveOpening = 0 }, seconds: 60);
        Assert.Equal(0, plant.FlowM3PerS);
        Assert.Equal(Parameters.ShutOffHeadM, plant.HeadM, tolerance: 0.05);
    }

    [Fact]
    public void Whatever_is_done_to_it_the_plant_stays_finite_and_within_its_bounds()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var plant = new PumpPlant(Parameters);
            for (var i = 0; i < 200; i++)
            {
                var inputs = new PumpPlantInputs(
                    random.Next(3) > 0, random.NextDouble() * 4000, random.Next(3) == 0 ? random.NextDouble() * 1e-3
                    : random.NextDouble(),
                    random.NextDouble(), random.NextDouble(), random.NextDouble());
                Run(plant, inputs, seconds: random.NextDouble() * 5);
                Assert.True(plant.FlowM3PerS is >= 0 and < 0.02, $"seed {seed}: flow {plant.FlowM3PerS}");
                Assert.True(plant.TankLevelM is >= 0 and <= 2.5, $"seed {seed}: level {plant.TankLevelM}");
                Assert.True(plant.SpeedRpm is >= 0 and < 3300, $"seed {seed}: speed {plant.SpeedRpm}");
                Assert.True(plant.Efficiency is >= 0 and < 0.85, $"seed {seed}: efficiency {plant.Efficiency}");
                Assert.True(plant.MotorTemperatureC is >= 19 and < 200,
                    $"seed {seed}: temperature {plant.MotorTemperatureC}");
                Assert.True(double.IsFinite(plant.HeadM) && double.IsFinite(plant.VibrationMmPerS), $"seed {seed}");
            }
        }
    }

    private static PumpPlant Settled(in PumpPlantInputs inputs, double seconds)
    {
        var plant = new PumpPlant(Parameters);
        Run(plant, inputs, seconds);
        return plant;
    }

    private static void Run(PumpPlant plant, in PumpPlantInputs inputs, double seconds)
    {
        for (var i = 0; i < seconds / Step; i++) plant.Step(Step, inputs);
    }
}
