namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>The references of a node at one moment; enumerating allocates nothing and never waits.</summary>
/// <remarks>The array is shared with the node. New references are appended in its free slots: a slot's kind is written
/// last, so a reader that meets a slot without a kind has seen all. Removal makes a new array.</remarks>
public readonly struct ReferenceList
{
    private readonly Reference[] slots;

    internal ReferenceList(Reference[] slots)
    {
        this.slots = slots;
    }

    /// <summary>Starts over the references.</summary>
    public Enumerator GetEnumerator() => new(slots);

    /// <summary>Steps over the references of a node.</summary>
    public struct Enumerator
    {
        private readonly Reference[] slots;
        private int next;

        internal Enumerator(Reference[] slots)
        {
            this.slots = slots;
        }

        /// <summary>The reference that the last step reached.</summary>
        public readonly Reference Current => slots[next - 1];

        /// <summary>One further.</summary>
        /// <returns>False at the end.</returns>
        public bool MoveNext()
        {
            if (!ReferenceSlots.IsUsed(slots, next))
            {
                return false;
            }

            next++;
            return true;
        }
    }
}
