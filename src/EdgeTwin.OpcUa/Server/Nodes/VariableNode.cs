using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>A variable (OPC 10000-3 §5.6.2). Its value is set from outside and pushed to whoever watches it.</summary>
/// <param name="id">The id.</param>
/// <param name="browseName">The name within the parent.</param>
public sealed class VariableNode(NodeId id, QualifiedName browseName) : Node(id, browseName)
{
    private VariableExtras? extras;
    private IValueWatcher[] watchers = [];
    private Current current = new(new DataValue(StatusCodes.BadWaitingForInitialData));

    public override NodeClass NodeClass => NodeClass.Variable;

    /// <summary>The data type; default BaseDataType.</summary>
    public NodeId DataType { get; set; } = NodeIds.BaseDataType;

    /// <summary>-1 scalar (the default), 1 and up that many dimensions, 0 any array, -2 anything, -3 scalar or one
    /// dimension.</summary>
    public int ValueRank { get; set; } = -1;

    /// <summary>Most elements of each dimension, 0 for any; null when not said.</summary>
    public uint[]? ArrayDimensions
    {
        get => extras?.ArrayDimensions;
        set
        {
            if (value is not null || extras is not null)
            {
                Extras.ArrayDimensions = value;
            }
        }
    }

    /// <summary>What can be done with the value, whoever does it; default CurrentRead.</summary>
    public AccessLevelExType AccessLevel { get; set; } = AccessLevelExType.CurrentRead;

    /// <summary>How fast the value is sampled at most, ms; 0 (the default) when changes are pushed, -1 when
    /// unknown.</summary>
    public double MinimumSamplingInterval
    {
        get => extras?.MinimumSamplingInterval ?? 0;
        set
        {
            if (value != MinimumSamplingInterval)
            {
                Extras.MinimumSamplingInterval = value;
            }
        }
    }

    /// <summary>True while the server records the value's history.</summary>
    public bool Historizing { get; set; }

    /// <summary>Takes writes of clients; null stores them here when <see cref="AccessLevel"/> allows writing.</summary>
    public IVariableWriter? Writer
    {
        get => extras?.Writer;
        set
        {
            if (value is not null || extras is not null)
            {
                Extras.Writer = value;
            }
        }
    }

    /// <summary>Makes the value when it is read; null (the default) for a value that is set. Called by any thread; must
    /// be fast. While somebody watches, the space samples it.</summary>
    public Func<DataValue>? Computed
    {
        get => extras?.Computed;
        set
        {
            if (value is not null || extras is not null)
            {
                Extras.Computed = value;
            }
        }
    }

    /// <summary>True while at least one monitored item watches.</summary>
    public bool IsWatched => Volatile.Read(ref current.Watchers) > 0;

    private VariableExtras Extras
    {
        get
        {
            if (extras is null)
            {
                Interlocked.CompareExchange(ref extras, new VariableExtras(), null);
            }

            return extras;
        }
    }

    /// <summary>Stores a value and pushes it to the watchers; allocates nothing. Any thread may call it, watchers see
    /// the values in the order in which they were stored.</summary>
    public void Set(in DataValue newValue)
    {
        current.Gate.Enter();
        try
        {
            StoreAndPush(newValue);
        }
        finally
        {
            current.Gate.Exit();
        }
    }

    /// <summary>The value now. Never waits for watchers.</summary>
    public DataValue Get()
    {
        if (extras?.Computed is { } computed)
        {
            return Compute(computed);
        }

        var spin = new SpinWait();
        while (true)
        {
            var before = Volatile.Read(ref current.Version);
            var read = current.Value;
            // A value that was written meanwhile may be a mix of two: the version tells.
            Volatile.ReadBarrier();
            if ((before & 1) == 0 && before == Volatile.Read(ref current.Version))
            {
                return read;
            }

            spin.SpinOnce();
        }
    }

    /// <summary>Pushes every value from now on to <paramref name="watcher"/>. Watch first and then <see cref="Get"/>
    /// the initial value: then none is missed, though one may come twice.</summary>
    /// <param name="watcher">Who is told.</param>
    /// <param name="samplingInterval">How often a computed value is made for this watcher; a pushed one ignores
    /// it.</param>
    internal void Watch(IValueWatcher watcher, TimeSpan samplingInterval = default)
    {
        current.Gate.Enter();
        try
        {
            // Grown by doubling, and left by swapping with the last: a hundred thousand watchers of one variable come
            // and go in no more time each than a few.
            if (current.Watchers == watchers.Length)
            {
                Array.Resize(ref watchers, Math.Max(1, current.Watchers * 2));
            }

            watcher.Place = current.Watchers;
            watchers[current.Watchers++] = watcher;
        }
        finally
        {
            current.Gate.Exit();
        }

        if (extras?.Computed is not null)
        {
            Space?.Sampler.Add(this, samplingInterval);
        }
    }

    internal void Unwatch(IValueWatcher watcher)
    {
        current.Gate.Enter();
        try
        {
            var place = watcher.Place;
            if (place >= current.Watchers || !ReferenceEquals(watchers[place], watcher))
            {
                return;
            }

            var last = watchers[--current.Watchers];
            watchers[place] = last;
            last.Place = place;
            watchers[current.Watchers] = null!;
            if (current.Watchers == 0)
            {
                watchers = [];
            }
        }
        finally
        {
            current.Gate.Exit();
        }

        if (extras?.Computed is not null)
        {
            Space?.Sampler.Remove(this);
        }
    }

    /// <summary>Pushes the computed value when it is another than at the last time.</summary>
    internal void Sample()
    {
        if (extras?.Computed is not { } computed)
        {
            return;
        }

        var now = Compute(computed);
        if (now.Status != current.Value.Status || !now.Value.ValueEquals(current.Value.Value))
        {
            Set(now);
        }
    }

    /// <summary>Takes a new value in unless another came since <paramref name="seen"/> was read.</summary>
    internal bool TryReplace(in DataValue seen, in DataValue replacement)
    {
        current.Gate.Enter();
        try
        {
            if (seen.SourceTimestamp != current.Value.SourceTimestamp || !seen.Value.ValueEquals(current.Value.Value))
            {
                return false;
            }

            StoreAndPush(replacement);
            return true;
        }
        finally
        {
            current.Gate.Exit();
        }
    }

    internal override void OnRemoved()
    {
        // Items report BadNodeIdUnknown from now on (OPC 10000-4 §5.13.1.1: the node of an item was deleted).
        Computed = null;
        Set(new DataValue(StatusCodes.BadNodeIdUnknown));
        current.Gate.Enter();
        current.Watchers = 0;
        watchers = [];
        current.Gate.Exit();
        Space?.Sampler.Forget(this);
        base.OnRemoved();
    }

    private static DataValue Compute(Func<DataValue> computed)
    {
        try
        {
            return computed();
        }
        catch (OpcUaException e)
        {
            return new DataValue(e.Status);
        }
    }

    private void StoreAndPush(in DataValue newValue)
    {
        Store(newValue);
        for (var i = 0; i < current.Watchers; i++)
        {
            watchers[i].OnValue(newValue);
        }
    }

    private void Store(in DataValue newValue)
    {
        Volatile.Write(ref current.Version, current.Version + 1);
        Volatile.WriteBarrier();
        current.Value = newValue;
        Volatile.Write(ref current.Version, current.Version + 1);
    }

    /// <summary>What every <see cref="Set"/> touches, side by side: while ten thousand values change, what counts is
    /// how many lines of memory each of them needs.</summary>
    private struct Current(in DataValue value)
    {
        // A lock object for every variable would cost a tenth of its memory.
        public SpinGate Gate;
        public int Version; // odd while the value is being written
        public int Watchers;
        public DataValue Value = value;
    }
}
