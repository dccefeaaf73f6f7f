using System.Net;
using System.Net.Sockets;
using EdgeTwin.Modbus;

namespace EdgeTwin.Tests.Peers;

/// <summary>What the scripted device was asked.</summary>
internal sealed record ModbusPeerRequest(ushort Transaction, byte Unit, byte[] Pdu, int Number)
{
    public int Address => Pdu[1] << 8 | Pdu[2];

    public int Quantity => Pdu[3] << 8 | Pdu[4];

    /// <summary>The right answer to a read of registers: each register holds its own address.</summary>
    public byte[] Right() => Frame(Transaction, Unit, RightPdu());

    public byte[] RightPdu() =>
        [Pdu[0], (byte)(Quantity * 2),
            .. Enumerable.Range(Address, Quantity).SelectMany(a => new[] { (byte)(a >> 8), (byte)a })];

    public byte[] Refused(ModbusExceptionCode code) => Frame(Transaction, Unit, (byte)(Pdu[0] | 0x80), (byte)code);

    public static byte[] Frame(int transaction, byte unit, params byte[] pdu) =>
        [(byte)(transaction >> 8), (byte)transaction, 0, 0, (byte)(pdu.Length + 1 >> 8), (byte)(pdu.Length + 1), unit,
            .. pdu];
}

/// <summary>A device on a free port of 127.0.0.1 that answers as the test's script says, however wrong.</summary>
internal sealed class ModbusScriptedPeer : IAsyncDisposable
{
    private readonly Func<ModbusPeerRequest, NetworkStream, Task> script;
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly List<NetworkStream> streams = [];
    private readonly Task serving;
    private int requests, connections;

    public ModbusScriptedPeer(Func<ModbusPeerRequest, NetworkStream, Task> script)
    {
        this.script = script;
        listener.Start();
        serving = ServeAsync();
    }

    public ModbusScriptedPeer(Func<ModbusPeerRequest, byte[]> answer)
        : this((request, stream) => stream.WriteAsync(answer(request)).AsTask())
    {
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public int Requests => Volatile.Read(ref requests);

    public int Connections => Volatile.Read(ref connections);

    /// <summary>Given a permit for each request that has arrived.</summary>
    public SemaphoreSlim Asked { get; } = new(0);

    public ValueTask<ModbusClient> ConnectAsync(TimeProvider time, int outstanding = 1) => ModbusClient.ConnectAsync(
        "127.0.0.1", Port, new ModbusClientOptions { Timeout = TimeSpan.FromSeconds(5), Outstanding = outstanding },
        time, default);

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        NetworkStream[] open;
        lock (streams) open = [.. streams];
        foreach (var stream in open) await stream.DisposeAsync();
        await serving;
    }

    private async Task ServeAsync()
    {
        var clients = new List<Task>();
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync();
                socket.NoDelay = true;
                var stream = new NetworkStream(socket, ownsSocket: true);
                lock (streams) streams.Add(stream);
                Interlocked.Increment(ref connections);
                clients.Add(Task.Run(() => ServeAsync(stream)));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            await Task.WhenAll(clients);
        }
    }

    private async Task ServeAsync(NetworkStream stream)
    {
        try
        {
            while (true)
            {
                var head = new byte[7];
                await stream.ReadExactlyAsync(head);
                var pdu = new byte[(head[4] << 8 | head[5]) - 1];
                await stream.ReadExactlyAsync(pdu);
                var number = Interlocked.Increment(ref requests);
                Asked.Release();
                await script(new ModbusPeerRequest((ushort)(head[0] << 8 | head[1]), head[6], pdu, number), stream);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The client went, or the test is over: either is an end that the test judges from the other side.
            await stream.DisposeAsync();
        }
    }
}
