using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Server.Subscriptions;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Events;

/// <summary>Checks event filters and makes them ready (OPC 10000-4 §7.22.3). Lives for one service call and remembers
/// which fields exist.</summary>
internal sealed class EventFilterCompiler(AddressSpace space, SubscriptionLimits limits)
{
    private const int MostPathElements = 10;
    private readonly Dictionary<(NodeId Type, string Path), bool> _known = [];

    /// <summary>Makes a filter ready.</summary>
    /// <param name="filter">What the client sent.</param>
    /// <param name="compiled">The filter when the result is Good.</param>
    /// <param name="result">What is wrong with each clause; null when nothing is.</param>
    /// <returns>Good, BadEventFilterInvalid or BadTooManyOperations.</returns>
    public StatusCode Compile(EventFilter filter, out CompiledEventFilter? compiled, out EventFilterResult? result)
    {
        compiled = null;
        result = null;
        if (filter.SelectClauses.Length > limits.MaxSelectClauses
            || filter.WhereClause.Elements.Length > limits.MaxWhereElements)
        {
            return StatusCodes.BadTooManyOperations;
        }

        var select = new EventField?[filter.SelectClauses.Length];
        var selectResults = new StatusCode[select.Length];
        for (var i = 0; i < select.Length; i++)
        {
            selectResults[i] = Compile(filter.SelectClauses[i], out select[i]);
        }

        var where = WhereCompiler.Compile(this, space, filter.WhereClause, out var elementResults);
        var anySelected = Array.Exists(select, static field => field is not null);
        if (where is null || elementResults.Length > 0 || Array.Exists(selectResults, static status => status.IsBad))
        {
            result = new EventFilterResult
            {
                SelectClauseResults = selectResults,
                WhereClauseResult = new ContentFilterResult { ElementResults = elementResults },
            };
        }

        // At least one select clause must be good; one that is not reports null (§7.22.3).
        if (where is null || !anySelected)
        {
            return StatusCodes.BadEventFilterInvalid;
        }

        compiled = new CompiledEventFilter(select, where);
        return default;
    }

    /// <summary>Makes a field ready.</summary>
    /// <returns>Good; else the field is null.</returns>
    public StatusCode Compile(SimpleAttributeOperand operand, out EventField? field)
    {
        field = null;
        var type = operand.TypeDefinitionId.IsNull ? NodeIds.BaseEventType : operand.TypeDefinitionId;
        if (space.Find(type) is not ObjectTypeNode || !space.IsSubtypeOf(type, NodeIds.BaseEventType))
        {
            return StatusCodes.BadTypeDefinitionInvalid;
        }

        if (operand.AttributeId is not (AttributeIds.Value or AttributeIds.NodeId)
            || (operand.AttributeId == AttributeIds.NodeId) != (operand.BrowsePath.Length == 0))
        {
            return StatusCodes.BadAttributeIdInvalid;
        }

        if (!NumericRange.TryParse(operand.IndexRange, out var range))
        {
            return StatusCodes.BadIndexRangeInvalid;
        }

        if (operand.BrowsePath.Length > MostPathElements
            || Array.Exists(operand.BrowsePath, static name => string.IsNullOrEmpty(name.Name)))
        {
            return StatusCodes.BadBrowseNameInvalid;
        }

        var path = ServerEvent.PathOf(operand.BrowsePath);
        if (path.Length > 0 && !Exists(type, operand.BrowsePath, path))
        {
            return StatusCodes.BadNodeIdUnknown;
        }

        field = new EventField(space, type, path, operand.AttributeId, range);
        return default;
    }

    private bool Exists(NodeId type, QualifiedName[] names, string path)
    {
        if (!_known.TryGetValue((type, path), out var exists))
        {
            exists = EventFields.Exist(space, type, names);
            _known.Add((type, path), exists);
        }

        return exists;
    }
}
