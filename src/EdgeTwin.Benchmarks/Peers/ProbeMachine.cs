using System.Buffers.Binary;
using System.Net;
using EdgeTwin.Modbus;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Benchmarks.Peers;

/// <summary>
/// The Modbus end of the probe: the first register of every answer carries the running number of the read, and when
/// that answer was made is kept; all other registers take a new value every 150–350 ms.
/// </summary>
internal sealed class ProbeMachine : ComputedRegisters, IAsyncDisposable
{
    private readonly long[] answeredAt = new long[65536];
    private readonly ModbusServer server;
    private readonly Random random = new(12345);
    private int reads;
    private ushort value = 1;
    private long nextChange;

    public ProbeMachine(int port) => server = ModbusServer.Start(
        new IPEndPoint(IPAddress.Loopback, port), this, new ModbusServerOptions(), TimeProvider.System,
        NullLogger.Instance);

    public override ModbusExceptionCode ReadRegisters(byte unit, ModbusTable table, int address, Span<byte> registers)
    {
        var now = TimeProvider.System.GetTimestamp();
        if (now >= nextChange)
        {
            value++;
            nextChange = now + random.Next(150, 350) * TimeProvider.System.TimestampFrequency / 1000;
        }

        for (var i = 2; i < registers.Length; i += 2) BinaryPrimitives.WriteUInt16BigEndian(registers[i..], value);
        var stamp = (ushort)Interlocked.Increment(ref reads);
        BinaryPrimitives.WriteUInt16BigEndian(registers, stamp);
        Volatile.Write(ref answeredAt[stamp], TimeProvider.System.GetTimestamp());
        return ModbusExceptionCode.None;
    }

    /// <summary>When the answer with this read number was made; null when there was none.</summary>
    public long? AnsweredAt(ushort stamp) => Volatile.Read(ref answeredAt[stamp]) is var at && at == 0 ? null : at;

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
