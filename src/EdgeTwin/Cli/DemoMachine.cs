using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using EdgeTwin.Modbus;
using EdgeTwin.Sources.Replay;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.Cli;

/// <summary>
/// The machine of the demo: a Modbus TCP server that plays a recording. Signal i of the recording is a big-endian
/// float32 at holding registers 2i and 2i+1; further tags, where asked for, are input registers that wander.
/// </summary>
internal sealed class DemoMachine : IAsyncDisposable
{
    private const int UsualPort = 1502;
    private static readonly string[] NotSignals = ["time", "anomaly", "changepoint"];

    private readonly ModbusMemory memory;
    private readonly ModbusServer server;
    private readonly List<(TimeSpan At, float[] Values)> rows;
    private readonly int furtherTags;
    private readonly double speed;
    private readonly TimeProvider time;

    private DemoMachine(
        IReadOnlyList<string> signals, List<(TimeSpan At, float[] Values)> rows, int furtherTags, double speed,
        TimeProvider time,
        ILogger logger)
    {
        this.rows = rows;
        this.furtherTags = furtherTags;
        this.speed = speed;
        this.time = time;
        Signals = signals;
        memory = new ModbusMemory(0, 0, furtherTags, signals.Count * 2);
        Show(0);
        server = Serve(memory, time, logger);
    }

    /// <summary>Names of the recorded signals in the order of their registers.</summary>
    public IReadOnlyList<string> Signals { get; }

    public IPEndPoint Endpoint => server.Endpoint;

    public static async Task<DemoMachine> StartAsync(
        string recording, int furtherTags, double speed, TimeProvider time, ILogger logger,
        CancellationToken cancellation)
    {
        using var csv = await CsvRecording.OpenAsync(recording, cancellation);
        var columns = csv.Columns.Index().Where(column => !NotSignals.Contains(column.Item)).ToList();
        var clock = csv.Columns.Index().First(column => column.Item == "time").Index;
        var recorded = new List<(TimeSpan, float[])>();
        DateTime? first = null;
        while (await csv.ReadAsync(cancellation))
        {
            var at = DateTime.Parse(csv.Field(clock), CultureInfo.InvariantCulture);
            first ??= at;
            recorded.Add((at - first.Value,
                [.. columns.Select(column => float.Parse(csv.Field(column.Index), CultureInfo.InvariantCulture))]));
        }

        return new DemoMachine([.. columns.Select(column => column.Item)], recorded, furtherTags, speed, time, logger);
    }

    /// <summary>Plays the recording again and again until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var length = rows[^1].At + TimeSpan.FromSeconds(1);
        var start = time.GetTimestamp();
        var random = new Random(7);
        for (var played = 0L; ; played++)
        {
            var (round, row) = Math.DivRem(played, rows.Count);
            var due = (round * length + rows[(int)row].At) / speed;
            var wait = due - time.GetElapsedTime(start);
            if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellation);
            cancellation.ThrowIfCancellationRequested();
            Show((int)row);
            for (var i = 0; i < furtherTags; i++) Wander(i, random);
        }
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private static ModbusServer Serve(ModbusMemory memory, TimeProvider time, ILogger logger)
    {
        var options = new ModbusServerOptions();
        try
        {
            return ModbusServer.Start(new IPEndPoint(IPAddress.Loopback, UsualPort), memory, options, time, logger);
        }
        catch (SocketException)
        {
            return ModbusServer.Start(new IPEndPoint(IPAddress.Loopback, 0), memory, options, time, logger);
        }
    }

    private void Show(int row)
    {
        Span<byte> bytes = stackalloc byte[4];
        var values = rows[row].Values;
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleBigEndian(bytes, values[i]);
            memory.SetRegisters(
                ModbusTable.HoldingRegisters, 2 * i,
                BinaryPrimitives.ReadUInt16BigEndian(bytes), BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]));
        }
    }

    private void Wander(int register, Random random)
    {
        var value = memory.GetRegister(ModbusTable.InputRegisters, register) + random.Next(-20, 21);
        memory.SetRegisters(ModbusTable.InputRegisters, register, (ushort)Math.Clamp(value, 0, 10_000));
    }
}
