using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Events;

/// <summary>An operand of a where clause: exactly one of a literal, a field, and the result of a later
/// element.</summary>
internal readonly record struct WhereOperand(Variant Literal, EventField? Field, int Element = -1)
{
    public Variant Of(ServerEvent e, Variant[] results)
    {
        if (Element >= 0)
        {
            return results[Element];
        }

        return Field?.Of(e) ?? Literal;
    }
}
