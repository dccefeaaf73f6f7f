using EdgeTwin.Journal;
using EdgeTwin.Upstream;

namespace EdgeTwin.Tests.Upstream;

/// <summary>
/// An uplink whose wire the test holds in its hand: messages lie on it until <see cref="Step"/> lets the far side
/// receive and acknowledge some, in order; <see cref="Cut"/> loses the rest. With <see cref="Auto"/> all goes through
/// at once.
/// </summary>
internal sealed class FakeUplink(List<Position> received, int window, int samplesPerMessage) : IUplink
{
    private readonly Lock gate = new();
    private readonly Queue<(Position[] Places, long Token)> wire = new();
    private readonly Queue<long> unacknowledged = new();
    private IUplinkObserver? observer;
    private bool connected;
    private bool dead;

    public string Target => "fake";

    public int Window => window;

    public int SamplesPerMessage => samplesPerMessage;

    public bool Up { get; set; } = true;

    /// <summary>Sequences that the far side never takes.</summary>
    public HashSet<long> Refused { get; } = [];

    public bool Auto { get; set; }

    public int Connects { get; private set; }

    public int Disconnects { get; private set; }

    /// <summary>Samples of each message that was sent.</summary>
    public List<int> Messages { get; } = [];

    /// <summary>Messages on their way or not acknowledged.</summary>
    public int Unproven
    {
        get
        {
            lock (gate) return wire.Count + unacknowledged.Count;
        }
    }

    public Task ConnectAsync(IUplinkObserver observer, CancellationToken cancellation)
    {
        lock (gate)
        {
            if (!Up || dead) throw new UplinkException("nobody there");
            this.observer = observer;
            connected = true;
            Connects++;
            return Task.CompletedTask;
        }
    }

    public SendOutcome TrySend(SampleRun run, long token)
    {
        lock (gate)
        {
            if (!connected) throw new UplinkException("there is no connection");
            if (Refused.Contains(run.Sequences[0])) return SendOutcome.Refused("it is not wanted");
            var count = 1;
            while (count < Math.Min(run.Count, samplesPerMessage) && !Refused.Contains(run.Sequences[count])) count++;
            var places = new Position[count];
            for (var i = 0; i < count; i++) places[i] = new Position(run.Epoch, run.Sequences[i]);
            Assert.True(wire.Count + unacknowledged.Count < window, "more than the window in flight");
            wire.Enqueue((places, token));
            Messages.Add(count);
            return new SendOutcome(count);
        }
    }

    public ValueTask FlushAsync()
    {
        if (Auto) Step(int.MaxValue, int.MaxValue);
        return default;
    }

    /// <summary>So many messages arrive and so many are acknowledged.</summary>
    public void Step(int arrive, int acknowledge)
    {
        var proofs = new List<long>();
        IUplinkObserver? listener;
        lock (gate)
        {
            for (; arrive > 0 && wire.TryDequeue(out var message); arrive--)
            {
                received.AddRange(message.Places);
                unacknowledged.Enqueue(message.Token);
            }
            for (; acknowledge > 0 && unacknowledged.TryDequeue(out var token); acknowledge--) proofs.Add(token);
            listener = observer;
        }
        foreach (var token in proofs) listener?.Delivered(token);
    }

    /// <summary>The connection breaks; returns how many samples were on it without proof.</summary>
    public void Cut()
    {
        IUplinkObserver? listener;
        lock (gate)
        {
            if (!connected) return;
            connected = false;
            wire.Clear();
            unacknowledged.Clear();
            listener = observer;
        }
        listener?.Lost(new UplinkException("cut"));
    }

    /// <summary>The process dies: nothing leaves any more.</summary>
    public void Kill()
    {
        lock (gate)
        {
            dead = true;
            connected = false;
            wire.Clear();
            unacknowledged.Clear();
            observer = null;
        }
    }

    public Task DisconnectAsync(TimeSpan patience)
    {
        Disconnects++;
        return Task.CompletedTask;
    }

    public void Abort()
    {
        lock (gate)
        {
            connected = false;
            wire.Clear();
            unacknowledged.Clear();
        }
    }

    public ValueTask DisposeAsync() => default;
}
