using EdgeTwin.OpcUa.Client.Sessions;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.DataTypes;

/// <summary>
/// The data types of a server, learnt from it when a structure of an unknown type comes. Lives with the session: after
/// a restart types may have other ids and other fields. A structure that cannot be understood stays bytes.
/// </summary>
#pragma warning disable CA1001 // the gate's wait handle is never asked for: there is nothing to dispose
internal sealed class ServerTypes(ClientSession session)
#pragma warning restore CA1001
{
    // A structure may hold others of types that only show once it is read.
    private const int MostRounds = 8;
    private const int MostAsked = 10_000;

    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly HashSet<NodeId> asked = [];    // guarded by gate
    private volatile TypeDictionary? types;
    private volatile int generation;

    /// <summary>Values with their structures.</summary>
    public async Task<DataValue[]> ResolveAsync(DataValue[] values, CancellationToken cancellation)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (IsStructure(values[i].Value)) values[i] = await ResolveAsync(values[i], cancellation);
        }

        return values;
    }

    /// <summary>Values with their structures.</summary>
    public async Task<Variant[]> ResolveAsync(Variant[] values, CancellationToken cancellation)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (IsStructure(values[i])) values[i] = await ResolveAsync(values[i], cancellation);
        }

        return values;
    }

    /// <summary>Whether there is anything to resolve; most values need no further look.</summary>
    public static bool IsStructure(in Variant value) => value.Type == BuiltInType.ExtensionObject;

    public async ValueTask<DataValue> ResolveAsync(DataValue value, CancellationToken cancellation) =>
        value with { Value = await ResolveAsync(value.Value, cancellation) };

    private async ValueTask<Variant> ResolveAsync(Variant value, CancellationToken cancellation)
    {
        try
        {
            for (var round = 0; ; round++)
            {
                var seen = generation;
                var resolved = types is { } known ? StructureWalk.Resolve(value, known) : value;
                var unknown = StructureWalk.Unknown(resolved);
                if (unknown.Count == 0 || round == MostRounds) return resolved;
                await LearnAsync(unknown, cancellation);
                if (generation == seen) return resolved;
            }
        }
        catch (OpcUaException)
        {
            return value; // Too deep or too large to be understood, or the session is gone: as it came.
        }
    }

    private async Task LearnAsync(HashSet<NodeId> encodings, CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            var known = types ??= new TypeDictionary(CoreTypes.Instance.Types);
            var fresh = encodings.Where(e => !asked.Contains(e)).ToArray();
            if (fresh.Length == 0 || asked.Count + fresh.Length > MostAsked) return;
            try
            {
                await new TypeLoader(session, known).LoadAsync(fresh, cancellation);
            }
            catch (OpcUaException e) when (Loss.IsRefusal(e.Status))
            {
                // The server does not tell; asking again for every value would not change that.
            }

            asked.UnionWith(fresh);
            generation++;
        }
        finally
        {
            gate.Release();
        }
    }
}
