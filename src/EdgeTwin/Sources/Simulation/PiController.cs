namespace EdgeTwin.Sources.Simulation;

/// <summary>
/// A PI controller with a bounded output. It stops integrating while the output is at a bound and the error drives it
/// further (conditional integration; Åström and Hägglund, <i>Advanced PID Control</i>, §3.5).
/// </summary>
internal sealed class PiController(double gain, double integralTimeS, double low, double high)
{
    private double integral;

    public double Output { get; private set; }

    /// <summary>Begins at an output as the process has it, so that taking over causes no jump.</summary>
    public void Begin(double output, double setpoint, double measured)
    {
        Output = Math.Clamp(output, low, high);
        integral = Output - gain * (setpoint - measured);
    }

    public double Step(double dtS, double setpoint, double measured)
    {
        var error = setpoint - measured;
        var free = gain * error + integral;
        var windsUp = free > high && error > 0 || free < low && error < 0;
        if (!windsUp) integral += gain / integralTimeS * error * dtS;
        Output = Math.Clamp(gain * error + integral, low, high);
        return Output;
    }
}
