using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using EdgeTwin.Tests.Tidy;

namespace EdgeTwin.Tests.Hosting;

/// <summary>The service unit, judged by systemd itself.</summary>
public sealed partial class SystemdUnitTests : IDisposable
{
    private const double MostExposure = 2.0;

    private static readonly string Unit = Repository.Read("deploy/systemd/edgetwin.service");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("et-unit-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Systemd_has_nothing_to_say_about_the_unit() => Assert.Equal("", Analyze(Unit, "verify").Output);

    // An unknown key is only a warning with exit code 0, so the output is what counts.
    [Theory]
    [InlineData("[Service]", "[Service]\nWatchdogSecs=30")]
    [InlineData("Type=notify", "Type=notifies")]
    [InlineData("ExecStart=/bin/true", "ExecStart=/nonexistent/dotnet")]
    public void A_mistake_in_the_unit_would_be_found(string right, string wrong)
    {
        Assert.Contains(right, Runnable(Unit), StringComparison.Ordinal);
        Assert.NotEqual("", Analyze(Runnable(Unit).Replace(right, wrong, StringComparison.Ordinal), "verify").Output);
    }

    [Fact]
    public void The_service_is_not_more_exposed_than_it_has_to_be()
    {
        Assert.InRange(Exposure(Unit), 0.1, MostExposure);

        // Control: a unit without its sandbox is far above the limit.
        Assert.True(Exposure("[Service]\nExecStart=/bin/true\n") > 9);
    }

    [Fact]
    public void The_printed_result_of_the_security_check_is_what_systemd_says()
    {
        var text = Repository.Read("deploy/systemd/README.md");
        var printed = Printed().Match(text);
        Assert.True(printed.Success, "the README quotes 'gives N.N'");
        Assert.Equal(
            Exposure(Unit), double.Parse(printed.Groups["value"].Value, CultureInfo.InvariantCulture), tolerance: 0.3);
    }

    [Theory]
    [InlineData("Type=notify")]
    [InlineData("WatchdogSignal=SIGKILL")]
    [InlineData("User=edgetwin")]
    [InlineData("MemoryDenyWriteExecute=no")]
    [InlineData("Restart=on-failure")]
    [InlineData("StateDirectory=edgetwin")]
    public void What_the_gateway_relies_on_is_in_the_unit(string line) => Assert.Contains(line, Unit.Split('\n'));

    [Fact]
    public void The_clock_may_be_asked_though_the_sandbox_forbids_setting_it()
    {
        // The kernel's own word is in the next test; this one says why the unit is as it is.
        var lines = Unit.Split('\n');
        Assert.Contains("adjtimex", Run("systemd-analyze", "syscall-filter", "@clock").Output,
            StringComparison.Ordinal);
        Assert.Contains("@clock", Run("systemd-analyze", "syscall-filter", "@privileged").Output,
            StringComparison.Ordinal);

        // Later lines win over earlier ones.
        var forbidden = Array.IndexOf(lines, "SystemCallFilter=~@privileged @resources");
        var allowed = Array.IndexOf(lines, "SystemCallFilter=adjtimex clock_adjtime");
        Assert.InRange(forbidden, 0, allowed);
        Assert.DoesNotContain("ProtectClock=yes", lines);
        Assert.Contains("CapabilityBoundingSet=", lines);
    }

    // Without systemd as process 1 the filter is built from the unit by the script beside this file.
    [Fact]
    public void The_gateway_starts_under_the_units_system_call_filter()
    {
        Assert.Equal((0, "5"), RunFiltered(Unit, "/usr/bin/python3", "-c", "print(2 + 3, end='')"));
        Assert.Equal(0, RunFiltered(Unit, GatewayVersion).Code);

        // Controls: the filter filters, and .NET notices.
        Assert.NotEqual(0, RunFiltered(Unit, "/usr/bin/python3", "-c", "import os; os.chroot('/')").Code);
        var narrow = Unit.Replace("SystemCallFilter=sched_setaffinity", "", StringComparison.Ordinal);
        Assert.NotEqual(0, RunFiltered(narrow, GatewayVersion).Code);
    }

    [Fact]
    public void The_clock_is_read_under_the_units_system_call_filter()
    {
        const string Read =
            "import ctypes; print(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(256)) >= 0, end='')";
        Assert.Equal((0, "True"), RunFiltered(Unit, "/usr/bin/python3", "-c", Read));

        var wrongOrder = Unit + "\nSystemCallFilter=~@privileged\n";
        Assert.Equal((0, "False"), RunFiltered(wrongOrder, "/usr/bin/python3", "-c", Read));
    }

    private static string[] GatewayVersion =>
        ["dotnet", Path.Combine(AppContext.BaseDirectory, "edgetwin.dll"), "version"];

    // The paths of an installed gateway do not exist here; the rest of the unit stays as it is.
    private static string Runnable(string unit) =>
        InstalledCommand().Replace(unit, static m => m.Groups["key"].Value + "/bin/true");

    private double Exposure(string unit)
    {
        var value = OverallExposure().Match(Analyze(unit, "security", "--offline=true", "--no-pager").Output);
        Assert.True(value.Success);
        return double.Parse(value.Groups["value"].Value, CultureInfo.InvariantCulture);
    }

    private (int Code, string Output) Analyze(string unit, params string[] arguments)
    {
        var path = Path.Combine(folder.FullName, "edgetwin.service");
        File.WriteAllText(path, Runnable(unit));
        return Run("systemd-analyze", [.. arguments, path]);
    }

    private (int Code, string Output) RunFiltered(string unit, params string[] command)
    {
        var path = Path.Combine(folder.FullName, "filtered.service");
        File.WriteAllText(path, unit);
        var script = Path.Combine(Repository.Root, "src/EdgeTwin.Tests/Hosting/run_filtered.py");
        return Run("/usr/bin/python3", [script, path, .. command]);
    }

    private static (int Code, string Output) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["LC_ALL"] = "C";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(TimeSpan.FromSeconds(60)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', arguments)} did not end within 60 s");
        }

        return (process.ExitCode, output.Result + error.Result);
    }

    [GeneratedRegex(@"^(?<key>ExecStart(?:Pre)?=)/usr/bin/dotnet /opt/edgetwin/.*$", RegexOptions.Multiline, 10_000)]
    private static partial Regex InstalledCommand();

    [GeneratedRegex(@"Overall exposure level for \S+: (?<value>[0-9.]+)", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex OverallExposure();

    [GeneratedRegex(@"gives (?<value>[0-9]\.[0-9])", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Printed();
}
