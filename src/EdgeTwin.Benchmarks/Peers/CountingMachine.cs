using System.Net;
using EdgeTwin.Modbus;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeTwin.Benchmarks.Peers;

/// <summary>A Modbus server whose registers take a new value at every read, so that no two samples of a tag are
/// alike.</summary>
internal sealed class CountingMachine : ComputedRegisters, IAsyncDisposable
{
    private readonly ModbusServer server;
    private int count;

    public CountingMachine() => server = ModbusServer.Start(
        new IPEndPoint(IPAddress.Loopback, 0), this, new ModbusServerOptions(), TimeProvider.System,
        NullLogger.Instance);

    public int Port => server.Endpoint.Port;

    public override ModbusExceptionCode ReadRegisters(byte unit, ModbusTable table, int address, Span<byte> registers)
    {
        // Tags are uint32: two registers each, most significant word first.
        var value = (uint)Interlocked.Increment(ref count);
        for (var i = 0; i + 3 < registers.Length; i += 4)
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(registers[i..], value);
        return ModbusExceptionCode.None;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
