using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Events;

/// <summary>An event filter that was checked: which fields are reported, of which events (OPC 10000-4 §7.22.3).
/// Immutable.</summary>
/// <param name="select">The fields in their order; null for a clause that has an error: it reports null.</param>
/// <param name="where">The elements of the condition; none lets every event pass.</param>
internal sealed class CompiledEventFilter(EventField?[] select, WhereElement[] where)
{
    /// <summary>True when the event meets the condition: false and "unknown" do not.</summary>
    public bool Passes(ServerEvent e)
    {
        if (where.Length == 0)
        {
            return true;
        }

        // Operands refer to later elements only, so from the end every element is computed once, however often it is
        // used.
        var results = new Variant[where.Length];
        for (var i = where.Length - 1; i >= 0; i--)
        {
            results[i] = where[i].Evaluate(e, results);
        }

        return results[0].TryGet<bool>(out var passes) && passes;
    }

    /// <summary>The selected fields.</summary>
    public Variant[] Select(ServerEvent e)
    {
        var fields = new Variant[select.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = select[i]?.Of(e) ?? Variant.Null;
        }

        return fields;
    }
}
