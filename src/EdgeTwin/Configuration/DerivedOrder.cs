namespace EdgeTwin.Configuration;

/// <summary>Puts derived tags in an order in which each comes after those it uses.</summary>
internal static class DerivedOrder
{
    /// <summary>The names in order; among equals that of the file. Each cycle is reported once, as a -> b ->
    /// a.</summary>
    public static IReadOnlyList<string> Sort(
        IReadOnlyDictionary<string, IReadOnlyList<string>> uses, Action<IReadOnlyList<string>> cycle)
    {
        var order = new List<string>(uses.Count);
        var done = new HashSet<string>(StringComparer.Ordinal);
        var path = new List<string>();
        var pending = new Stack<(string Name, int Next)>();
        foreach (var root in uses.Keys)
        {
            if (done.Contains(root))
                continue;
            pending.Push((root, 0));
            path.Add(root);
            // Depth first on a stack of our own: a chain of derived tags may be longer than the thread's.
            while (pending.TryPop(out var at))
            {
                if (at.Next == uses[at.Name].Count)
                {
                    path.RemoveAt(path.Count - 1);
                    done.Add(at.Name);
                    order.Add(at.Name);
                    continue;
                }

                pending.Push((at.Name, at.Next + 1));
                var used = uses[at.Name][at.Next];
                if (done.Contains(used))
                    continue;
                if (path.IndexOf(used) is var start and >= 0)
                {
                    cycle([.. path[start..], used]);
                    continue;
                }

                pending.Push((used, 0));
                path.Add(used);
            }
        }

        return order;
    }
}
