using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Events;

/// <summary>Checks where clauses (OPC 10000-4 §7.7). An element may only refer to later ones, so there are no loops
/// and no depth: evaluation goes once from the last to the first.</summary>
internal static class WhereCompiler
{
    private const int MostOperands = 100;

    /// <summary>The elements; null when one is wrong.</summary>
    /// <param name="fields">Checks the fields that operands name.</param>
    /// <param name="space">For the type hierarchy.</param>
    /// <param name="filter">The clause.</param>
    /// <param name="results">A result per element when one is wrong, else empty.</param>
    public static WhereElement[]? Compile(EventFilterCompiler fields, AddressSpace space, ContentFilter filter,
        out ContentFilterElementResult[] results)
    {
        var elements = new WhereElement[filter.Elements.Length];
        var found = new ContentFilterElementResult[elements.Length];
        var bad = false;
        for (var i = 0; i < elements.Length; i++)
        {
            var element = filter.Elements[i];
            var operands = new WhereOperand[element.FilterOperands.Length];
            var operandResults = new StatusCode[operands.Length];
            var status = CheckOperator(element.FilterOperator, operands.Length);
            for (var j = 0; j < operands.Length && !status.IsBad; j++)
            {
                operandResults[j] = Compile(fields, element.FilterOperands[j], i, elements.Length, out operands[j]);
            }

            if (!status.IsBad && Array.Exists(operandResults, static operand => operand.IsBad))
            {
                status = StatusCodes.BadFilterOperandInvalid;
            }
            else if (!status.IsBad)
            {
                status = CheckOperands(space, element.FilterOperator, operands);
            }

            bad |= status.IsBad;
            found[i] = new ContentFilterElementResult { StatusCode = status, OperandStatusCodes = operandResults };
            elements[i] = new WhereElement(space, element.FilterOperator, operands);
        }

        results = bad ? found : [];
        return bad ? null : elements;
    }

    private static StatusCode CheckOperator(FilterOperator op, int operands)
    {
        var (least, most) = op switch
        {
            FilterOperator.IsNull or FilterOperator.Not or FilterOperator.OfType => (1, 1),
            FilterOperator.Between => (3, 3),
            FilterOperator.InList => (2, MostOperands),
            FilterOperator.InView or FilterOperator.RelatedTo => (0, -1),
            >= FilterOperator.Equals and <= FilterOperator.BitwiseOr => (2, 2),
            _ => (-1, -1),
        };
        if (most < 0)
        {
            // InView and RelatedTo are not for event filters (§7.22.3).
            return least < 0 ? StatusCodes.BadFilterOperatorInvalid : StatusCodes.BadFilterOperatorUnsupported;
        }

        return operands < least || operands > most ? StatusCodes.BadFilterOperandCountMismatch : default(StatusCode);
    }

    private static StatusCode Compile(
        EventFilterCompiler fields, ExtensionObject? operand, int own, int count, out WhereOperand compiled)
    {
        compiled = default;
        switch (operand?.Body)
        {
            case LiteralOperand literal:
                compiled = new WhereOperand(literal.Value, null);
                return default;
            case ElementOperand element when element.Index > own && element.Index < count:
                compiled = new WhereOperand(default, null, (int)element.Index);
                return default;
            case ElementOperand:
                return StatusCodes.BadFilterOperandInvalid;
            case SimpleAttributeOperand simple:
                var status = fields.Compile(simple, out var field);
                compiled = new WhereOperand(default, field);
                return status;
            default:
                // AttributeOperands are not for event filters either (§7.22.3).
                return StatusCodes.BadFilterOperandInvalid;
        }
    }

    private static StatusCode CheckOperands(AddressSpace space, FilterOperator op, WhereOperand[] operands)
    {
        switch (op)
        {
            case FilterOperator.OfType when !IsLiteral(operands[0]) || !operands[0].Literal.TryGet<NodeId>(out var type)
                || space.Find(type) is not ObjectTypeNode:
                return StatusCodes.BadFilterOperandInvalid;
            case FilterOperator.Like when IsLiteral(operands[1])
                && !(WhereValue.TextOf(operands[1].Literal)?.Length <= LikePattern.MaxLength):
                return StatusCodes.BadFilterLiteralInvalid;
            default:
                return default;
        }
    }

    private static bool IsLiteral(in WhereOperand operand) => operand.Field is null && operand.Element < 0;
}
