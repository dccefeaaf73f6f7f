using System.Net.Sockets;

namespace EdgeTwin.Modbus;

/// <summary>
/// A Modbus client over TCP. Safe for concurrent callers: what exceeds <see cref="ModbusClientOptions.Outstanding"/>
/// waits its turn. Late and foreign answers are discarded and counted; they cost nothing but that. The code after an
/// awaited request runs on the connection's reading loop, so it must not block.
/// <para>Every request throws <see cref="ModbusException"/> when the device refuses or answers nonsense,
/// <see cref="TimeoutException"/>
/// when it does not answer in time (the connection stays open), and <see cref="IOException"/> when the connection is
/// gone.</para>
/// </summary>
public sealed class ModbusClient : IAsyncDisposable
{
    /// <summary>The port that is registered for Modbus TCP.</summary>
    public const int DefaultPort = 502;

    private readonly ClientConnection connection;

    /// <summary>Takes over a connected stream and closes it in the end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public ModbusClient(Stream stream, ModbusClientOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.Timeout, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Outstanding, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Outstanding, 16, nameof(options));
        connection = new ClientConnection(stream, options, time);
    }

    /// <summary>What the client has seen so far.</summary>
    public ModbusClientCounters Counters => connection.Counters;

    /// <summary>Whether the connection is gone; every further request fails at once.</summary>
    public bool IsClosed => connection.IsClosed;

    /// <summary>Connects over TCP, without the delay that gathers small packets (TCP_NODELAY).</summary>
    /// <exception cref="TimeoutException">The device did not accept within the time-out.</exception>
    /// <exception cref="SocketException">The device refused, or its name is not known.</exception>
    public static async ValueTask<ModbusClient> ConnectAsync(
        string host, int port, ModbusClientOptions options, TimeProvider time, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using var deadline = new CancellationTokenSource(options.Timeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
            try
            {
                await socket.ConnectAsync(host, port, either.Token);
            }
            catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
            {
                throw new TimeoutException(
                    $"{host}:{port} did not accept within {options.Timeout.TotalMilliseconds:0} ms", e);
            }

            return new ModbusClient(new NetworkStream(socket, ownsSocket: true), options, time);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Sends any request. The data of the answer lies in <paramref name="answer"/> as on the wire (see
    /// <see cref="ModbusRequest.AnswerBytes"/> for the room that it needs); the result is its length, 0 for an echo.
    /// </summary>
    public ValueTask<int> SendAsync(
        byte unit, ModbusRequest request, Memory<byte> answer, CancellationToken cancellation = default) =>
        request.Function == ModbusFunction.None
            ? throw new ArgumentException("make requests by the factory methods", nameof(request))
            : connection.SendAsync(unit, request, answer, cancellation);

    /// <summary>Reads coils or discrete inputs, one Boolean each.</summary>
    public async ValueTask<bool[]> ReadBitsAsync(
        byte unit, ModbusTable table, int address, int quantity, CancellationToken cancellation = default)
    {
        if (table is not (ModbusTable.Coils or ModbusTable.DiscreteInputs))
            throw new ArgumentOutOfRangeException(nameof(table), table, "this table holds registers");
        var packed = new byte[(quantity + 7) / 8];
        await SendAsync(unit, ModbusRequest.Read(table, address, quantity), packed, cancellation);
        var bits = new bool[quantity];
        for (var i = 0; i < quantity; i++) bits[i] = RegisterCodec.ReadPackedBit(packed, i);
        return bits;
    }

    /// <summary>Reads holding or input registers, one number each.</summary>
    public async ValueTask<ushort[]> ReadRegistersAsync(
        byte unit, ModbusTable table, int address, int quantity, CancellationToken cancellation = default)
    {
        if (table is not (ModbusTable.HoldingRegisters or ModbusTable.InputRegisters))
            throw new ArgumentOutOfRangeException(nameof(table), table, "this table holds bits");
        var bytes = new byte[quantity * 2];
        await SendAsync(unit, ModbusRequest.Read(table, address, quantity), bytes, cancellation);
        return ToRegisters(bytes);
    }

    /// <summary>Switches one coil (function 5).</summary>
    public async ValueTask WriteCoilAsync(byte unit, int address, bool on, CancellationToken cancellation = default) =>
        await SendAsync(unit, ModbusRequest.WriteSingleCoil(address, on), default, cancellation);

    /// <summary>Writes one register (function 6).</summary>
    public async ValueTask WriteRegisterAsync(byte unit, int address, ushort value, CancellationToken cancellation =
        default) =>
        await SendAsync(unit, ModbusRequest.WriteSingleRegister(address, value), default, cancellation);

    /// <summary>Writes coils (function 15).</summary>
    public async ValueTask WriteCoilsAsync(
        byte unit, int address, ReadOnlyMemory<bool> values, CancellationToken cancellation = default)
    {
        var packed = new byte[(values.Length + 7) / 8];
        for (var i = 0; i < values.Length; i++) RegisterCodec.WritePackedBit(packed, i, values.Span[i]);
        await SendAsync(unit, ModbusRequest.WriteMultipleCoils(address, values.Length, packed), default, cancellation);
    }

    /// <summary>Writes registers (function 16).</summary>
    public async ValueTask WriteRegistersAsync(
        byte unit, int address, ReadOnlyMemory<ushort> values, CancellationToken cancellation = default) =>
        await SendAsync(unit, ModbusRequest.WriteMultipleRegisters(address, ToBytes(values.Span)), default,
            cancellation);

    /// <summary>Changes single bits of a register (function 22).</summary>
    public async ValueTask MaskWriteRegisterAsync(
        byte unit, int address, ushort andMask, ushort orMask, CancellationToken cancellation = default) =>
        await SendAsync(unit, ModbusRequest.MaskWriteRegister(address, andMask, orMask), default, cancellation);

    /// <summary>Writes registers, then reads registers, in one transaction (function 23).</summary>
    public async ValueTask<ushort[]> ReadWriteRegistersAsync(
        byte unit, int readAddress, int readQuantity, int writeAddress, ReadOnlyMemory<ushort> values,
        CancellationToken cancellation = default)
    {
        var bytes = new byte[readQuantity * 2];
        var request =
            ModbusRequest.ReadWriteMultipleRegisters(readAddress, readQuantity, writeAddress, ToBytes(values.Span));
        await SendAsync(unit, request, bytes, cancellation);
        return ToRegisters(bytes);
    }

    /// <summary>Closes the connection; requests that wait fail.</summary>
    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private static ushort[] ToRegisters(ReadOnlySpan<byte> bytes)
    {
        var registers = new ushort[bytes.Length / 2];
        for (var i = 0; i < registers.Length; i++) registers[i] =
            RegisterCodec.ReadUInt16(bytes[(i * 2)..], RegisterOrder.Abcd);
        return registers;
    }

    private static byte[] ToBytes(ReadOnlySpan<ushort> registers)
    {
        var bytes = new byte[registers.Length * 2];
        for (var i = 0; i < registers.Length; i++)
            RegisterCodec.WriteUInt16(bytes.AsSpan(i * 2), registers[i], RegisterOrder.Abcd);
        return bytes;
    }
}
