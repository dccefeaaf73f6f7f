namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>The array behind a node's references: read by anybody at any time, changed under the space's lock
/// only.</summary>
internal static class ReferenceSlots
{
    private const int FirstSize = 2;

    /// <summary>True when the slot holds a reference; its target may be read afterwards.</summary>
    public static bool IsUsed(Reference[] slots, int index)
    {
        if ((uint)index >= (uint)slots.Length || slots[index].Kind is null)
        {
            return false;
        }

        // Pairs with the barrier of Append: who sees the kind sees the target.
        Volatile.ReadBarrier();
        return true;
    }

    /// <summary>Number of references; the used slots come first.</summary>
    public static int Count(Reference[] slots)
    {
        var (low, high) = (0, slots.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = slots[middle].Kind is null ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    /// <summary>Adds at the end; the array grows when it is full.</summary>
    public static void Append(ref Reference[] slots, in Reference reference)
    {
        var count = Count(slots);
        if (count < slots.Length)
        {
            slots[count] = new Reference(null, reference.Target);
            Volatile.WriteBarrier();
            slots[count] = reference;
            return;
        }

        var grown = new Reference[count == 0 ? FirstSize : count < 8 ? count + 2 : count * 2];
        slots.AsSpan().CopyTo(grown);
        grown[count] = reference;
        Volatile.Write(ref slots, grown);
    }

    /// <summary>Takes the first such reference out.</summary>
    public static bool Remove(ref Reference[] slots, ReferenceKind kind, Node target)
    {
        var count = Count(slots);
        for (var i = 0; i < count; i++)
        {
            if (ReferenceEquals(slots[i].Kind, kind) && ReferenceEquals(slots[i].Target, target))
            {
                var left = new Reference[count - 1];
                slots.AsSpan(0, i).CopyTo(left);
                slots.AsSpan(i + 1, count - i - 1).CopyTo(left.AsSpan(i));
                Volatile.Write(ref slots, left);
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes out every reference to a node that is going.</summary>
    public static void RemoveTargets(ref Reference[] slots, HashSet<Node> gone)
    {
        var count = Count(slots);
        var left = new List<Reference>(count);
        for (var i = 0; i < count; i++)
        {
            if (!gone.Contains(slots[i].Target))
            {
                left.Add(slots[i]);
            }
        }

        if (left.Count < count)
        {
            Volatile.Write(ref slots, [.. left]);
        }
    }
}
