using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Events;

/// <summary>An operator with its operands (OPC 10000-4 §7.7.3). Results are true, false, or null for
/// "unknown".</summary>
internal sealed class WhereElement(AddressSpace space, FilterOperator op, WhereOperand[] operands)
{
    public Variant Evaluate(ServerEvent e, Variant[] results)
    {
        var first = operands[0].Of(e, results);
        return op switch
        {
            FilterOperator.Equals => WhereValue.AreEqual(first, Second(e, results)),
            FilterOperator.IsNull => first.IsNull,
            FilterOperator.GreaterThan => Compared(first, Second(e, results), static order => order > 0),
            FilterOperator.LessThan => Compared(first, Second(e, results), static order => order < 0),
            FilterOperator.GreaterThanOrEqual => Compared(first, Second(e, results), static order => order >= 0),
            FilterOperator.LessThanOrEqual => Compared(first, Second(e, results), static order => order <= 0),
            FilterOperator.Like => IsLike(first, Second(e, results)),
            FilterOperator.Not => first.TryGet<bool>(out var value) ? !value : Variant.Null,
            FilterOperator.Between => And(
                Compared(first, Second(e, results), static order => order >= 0),
                Compared(first, operands[2].Of(e, results), static order => order <= 0)),
            FilterOperator.InList => IsInList(first, e, results),
            FilterOperator.And => And(first, Second(e, results)),
            FilterOperator.Or => Or(first, Second(e, results)),
            FilterOperator.Cast => WhereValue.Cast(first, Second(e, results)),
            FilterOperator.OfType => first.TryGet<NodeId>(out var type) && space.IsSubtypeOf(e.EventType, type),
            FilterOperator.BitwiseAnd => WhereValue.Bitwise(first, Second(e, results), static (a, b) => a & b),
            FilterOperator.BitwiseOr => WhereValue.Bitwise(first, Second(e, results), static (a, b) => a | b),
            _ => Variant.Null,
        };
    }

    private Variant Second(ServerEvent e, Variant[] results) => operands[1].Of(e, results);

    private static Variant Compared(in Variant left, in Variant right, Func<int, bool> holds) =>
        WhereValue.TryCompare(left, right, out var order) ? holds(order) : Variant.Null;

    private static Variant IsLike(in Variant text, in Variant pattern) =>
        WhereValue.TextOf(text) is { } t && WhereValue.TextOf(pattern) is { } p
            ? LikePattern.Matches(t, p)
            : Variant.Null;

    private Variant IsInList(in Variant value, ServerEvent e, Variant[] results)
    {
        for (var i = 1; i < operands.Length; i++)
        {
            if (WhereValue.AreEqual(value, operands[i].Of(e, results)).TryGet<bool>(out var equal) && equal)
            {
                return true;
            }
        }

        return false;
    }

    // The truth tables with null for "unknown" (§7.7.3, tables 120 and 121).
    private static Variant And(in Variant left, in Variant right)
    {
        var (a, b) = (Truth(left), Truth(right));
        return a == false || b == false ? false : a == true && b == true ? true : Variant.Null;
    }

    private static Variant Or(in Variant left, in Variant right)
    {
        var (a, b) = (Truth(left), Truth(right));
        return a == true || b == true ? true : a == false && b == false ? false : Variant.Null;
    }

    private static bool? Truth(in Variant value) => value.TryGet<bool>(out var truth) ? truth : null;
}
