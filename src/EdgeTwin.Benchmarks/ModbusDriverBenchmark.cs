using System.Diagnostics;
using System.Net;
using EdgeTwin.Modbus;
using EdgeTwin.Sources;
using EdgeTwin.Sources.Modbus;
using EdgeTwin.Tags;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Benchmarks;

/// <summary>
/// What the modbus-tcp driver alone costs: 1,000 registers ten times a second from a server in the same process, whose
/// share is measured along. Options: --tags, --seconds, --outstanding.
/// </summary>
internal static class ModbusDriverBenchmark
{
    public static async Task RunAsync(BenchmarkArguments arguments)
    {
        var count = arguments.Option("tags", 1000);
        var seconds = arguments.Option("seconds", 10);
        var outstanding = arguments.Option("outstanding", 1);
        var store = new StampingStore();
        await using var server = ModbusServer.Start(
            new IPEndPoint(IPAddress.Loopback, 0), store, new ModbusServerOptions(), TimeProvider.System,
            NullLogger.Instance);
        var inbox = new Inbox(store);
        await using var source = ModbusTcpSource.Driver.Create(Context(server.Endpoint.Port, count, outstanding));
        await source.ConnectAsync(default);

        await ScanAsync(source, inbox, TimeSpan.FromSeconds(3)); // warm: compiled, pools filled
        inbox.Clear();
        var cpu = Environment.CpuUsage.TotalTime;
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var clock = Stopwatch.StartNew();
        await ScanAsync(source, inbox, TimeSpan.FromSeconds(seconds));

        var share = (Environment.CpuUsage.TotalTime - cpu) / clock.Elapsed * 100;
        var bytes = (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)inbox.Samples;
        var conditions = $"{count} tags, 10 scans/s, {seconds} s, {outstanding} outstanding, server in the same "
            + $"process and counted along";
        arguments.Report.AtMost("cpu", share, "% of a core", 3, conditions);
        arguments.Report.AtMost("allocated", bytes, "bytes/sample", 1, conditions);
        arguments.Report.AtMost("answer-to-posted-p50", inbox.Microseconds(0.5), "us", 100, conditions
            + "; loopback and wake-up included");
        arguments.Report.Note("answer-to-posted-p99", inbox.Microseconds(0.99), "us", conditions
            + "; loopback and wake-up included");
        arguments.Report.AtLeast("samples", inbox.Samples, "samples", count * 10d * seconds * 0.95, conditions);
    }

    private static async Task ScanAsync(ISource source, Inbox inbox, TimeSpan duration)
    {
        using var period = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < duration && await period.WaitForNextTickAsync()) await source.ReadAsync(inbox, default);
    }

    private static SourceContext Context(int port, int count, int outstanding)
    {
        var tags = Enumerable.Range(0, count).Select(i => new SourceTag(
            new TagDefinition
            {
                Id = new TagId(i),
                Name = $"r{i}",
                Type = TagDataType.UInt16,
                Origin = new TagOrigin.Source("plc", $"holding:{i}"),
            },
            new TagConfig { Source = "plc", Address = $"holding:{i}", Type = TagDataType.UInt16 }));
        var config = new ModbusTcpSourceConfig
        {
            Driver = "modbus-tcp",
            Endpoint = $"127.0.0.1:{port}",
            Outstanding =
            outstanding
        };
        return new("plc", config, tags.ToList(), TimeProvider.System, () =>
            ClockState.Synchronised, NullLogger.Instance, ".");
    }

    /// <summary>Registers of zeros; remembers when it gave the last answer.</summary>
    private sealed class StampingStore : IModbusDataStore
    {
        private readonly ModbusMemory memory = new(0, 0, 0, 65536);
        private long answered;

        public long Answered => Volatile.Read(ref answered);

        public ModbusExceptionCode ReadRegisters(byte unit, ModbusTable table, int address, Span<byte> registers)
        {
            var refused = memory.ReadRegisters(unit, table, address, registers);
            Volatile.Write(ref answered, Stopwatch.GetTimestamp());
            return refused;
        }

        public ModbusExceptionCode ReadBits(byte unit, ModbusTable table, int address, int quantity,
            Span<byte> packed) =>
            memory.ReadBits(unit, table, address, quantity, packed);

        public ModbusExceptionCode WriteCoils(byte unit, int address, int quantity, ReadOnlySpan<byte> packed) =>
            memory.WriteCoils(unit, address, quantity, packed);

        public ModbusExceptionCode WriteRegisters(byte unit, int address, ReadOnlySpan<byte> registers) =>
            memory.WriteRegisters(unit, address, registers);

        public ModbusExceptionCode MaskWriteRegister(byte unit, int address, ushort andMask, ushort orMask) =>
            memory.MaskWriteRegister(unit, address, andMask, orMask);
    }

    private sealed class Inbox(StampingStore store) : ISampleInbox
    {
        private readonly double[] microseconds = new double[100_000];
        private int batches;

        public long Samples { get; private set; }

        public ValueTask PostAsync(SampleBatch batch, CancellationToken cancellation)
        {
            if (batches < microseconds.Length)
                microseconds[batches++] = Stopwatch.GetElapsedTime(store.Answered).TotalMicroseconds;
            Samples += batch.Count;
            batch.Return();
            return default;
        }

        public void Clear() => (batches, Samples) = (0, 0);

        public double Microseconds(double quantile)
        {
            var sorted = microseconds[..batches].Order().ToArray();
            return sorted[(int)(sorted.Length * quantile)];
        }
    }
}
