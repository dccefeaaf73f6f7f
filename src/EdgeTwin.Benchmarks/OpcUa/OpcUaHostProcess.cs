using System.Globalization;
using EdgeTwin.Benchmarks.Peers;

namespace EdgeTwin.Benchmarks.OpcUa;

/// <summary>A server in a process of its own: ours (<c>opcua-host</c>), or another's script.</summary>
internal sealed class OpcUaHostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ChildProcess process;

    private OpcUaHostProcess(ChildProcess process, int port, TimeSpan startedAfter)
    {
        this.process = process;
        Endpoint = string.Create(CultureInfo.InvariantCulture, $"opc.tcp://127.0.0.1:{port}");
        StartedAfter = startedAfter;
    }

    public string Endpoint { get; }

    public int Id => process.Id;

    /// <summary>From the start of the process to the line that says it listens.</summary>
    public TimeSpan StartedAfter { get; }

    /// <summary>Our server, with so many variables that change every so many milliseconds (0: never).</summary>
    public static Task<OpcUaHostProcess> StartAsync(int count, int intervalMilliseconds, params string[] more)
    {
        var port = Ports.Free();
        return StartAsync("dotnet",
            [typeof(OpcUaHostProcess).Assembly.Location, "opcua-host", "--port", Text(port), "--count", Text(count),
            "--interval", Text(intervalMilliseconds), .. more], port);
    }

    /// <summary>node-opcua's server with the same variables.</summary>
    public static Task<OpcUaHostProcess> StartNodeOpcUaAsync(string script, int count, int intervalMilliseconds)
    {
        var port = Ports.Free();
        return StartAsync("node",
            [script, "--port", Text(port), "--count", Text(count), "--interval", Text(intervalMilliseconds)], port);
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static async Task<OpcUaHostProcess> StartAsync(string file, string[] arguments, int port)
    {
        var ready = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        var begin = TimeProvider.System.GetTimestamp();
        var started = ChildProcess.Start(file, arguments, line =>
        {
            if (line.Contains("pid ", StringComparison.Ordinal)) ready.TrySetResult(TimeProvider.System.GetTimestamp());
        });
        try
        {
            var end = await ready.Task.WaitAsync(Patience, TimeProvider.System);
            return new OpcUaHostProcess(started, port, TimeProvider.System.GetElapsedTime(begin, end));
        }
        catch (TimeoutException e)
        {
            var said = string.Join('\n', started.Lines);
            await started.DisposeAsync();
            throw new InvalidOperationException($"the server did not start: {said}", e);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
