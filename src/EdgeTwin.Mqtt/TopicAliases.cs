using System.Numerics;

namespace EdgeTwin.Mqtt;

/// <summary>
/// Numbers for the topics that were published last (MQTT 5.0 §3.3.2.3.4), as many as the broker keeps. When all are
/// given away, the topic that was not used for longest loses its number. Allocates only until each number has been
/// given once to a topic of usual length.
/// </summary>
/// <remarks>Numbers count from 1; entry 0 is the head of the ring in which the entries stand in order of use: behind
/// the head the latest, before it the oldest. Entries of one hash bucket form a chain that ends with 0.</remarks>
internal sealed class TopicAliases
{
    private const int UsualLength = 64;
    private readonly Entry[] entries;
    private readonly ushort[] buckets;
    private int count;

    public TopicAliases(int maximum)
    {
        entries = new Entry[maximum + 1];
        buckets = new ushort[BitOperations.RoundUpToPowerOf2((uint)(maximum * 2 + 1))];
    }

    /// <summary>The number of a topic. When <paramref name="known"/> is false the broker must hear the topic beside
    /// it.</summary>
    public ushort Use(ReadOnlySpan<byte> topic, out bool known)
    {
        var hash = Hash(topic);
        var alias = Find(topic, hash);
        known = alias != 0;
        if (known) Unlink(alias);
        else alias = Give(topic, hash);
        LinkAsLatest(alias);
        return alias;
    }

    private ushort Find(ReadOnlySpan<byte> topic, uint hash)
    {
        for (var at = Bucket(hash); at != 0; at = entries[at].Next)
        {
            ref readonly var entry = ref entries[at];
            if (entry.Hash == hash && topic.SequenceEqual(entry.Topic.AsSpan(0, entry.Length))) return at;
        }
        return 0;
    }

    private ushort Give(ReadOnlySpan<byte> topic, uint hash)
    {
        ushort alias;
        if (count < entries.Length - 1) alias = (ushort)++count;
        else
        {
            alias = entries[0].Newer; // the ring closes: what is newer than the head is the oldest
            Unlink(alias);
            Unchain(alias);
        }
        ref var entry = ref entries[alias];
        if (entry.Topic is null || entry.Topic.Length < topic.Length)
            entry.Topic = new byte[Math.Max(UsualLength, topic.Length)];
        topic.CopyTo(entry.Topic);
        entry.Length = topic.Length;
        entry.Hash = hash;
        ref var bucket = ref Bucket(hash);
        entry.Next = bucket;
        bucket = alias;
        return alias;
    }

    private void Unchain(ushort alias)
    {
        ref var at = ref Bucket(entries[alias].Hash);
        while (at != alias) at = ref entries[at].Next;
        at = entries[alias].Next;
    }

    private void Unlink(ushort alias)
    {
        ref readonly var entry = ref entries[alias];
        entries[entry.Newer].Older = entry.Older;
        entries[entry.Older].Newer = entry.Newer;
    }

    private void LinkAsLatest(ushort alias)
    {
        ref var entry = ref entries[alias];
        entry.Newer = 0;
        entry.Older = entries[0].Older;
        entries[entry.Older].Newer = alias;
        entries[0].Older = alias;
    }

    private ref ushort Bucket(uint hash) => ref buckets[hash & (uint)(buckets.Length - 1)];

    // FNV-1a; nobody but this side chooses the topics.
    private static uint Hash(ReadOnlySpan<byte> topic)
    {
        var hash = 2_166_136_261u;
        foreach (var one in topic) hash = (hash ^ one) * 16_777_619u;
        return hash;
    }

    private struct Entry
    {
        public byte[]? Topic;
        public int Length;
        public uint Hash;
        public ushort Next;
        public ushort Newer;
        public ushort Older;
    }
}
