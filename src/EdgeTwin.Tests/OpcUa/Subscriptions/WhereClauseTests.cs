using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Events;
using EdgeTwin.OpcUa.Server.Subscriptions;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.Subscriptions;

/// <summary>Where clauses of event filters (OPC 10000-4 §7.7.3), and what a hostile one may cost.</summary>
public sealed class WhereClauseTests
{
    private static readonly SubscriptionRig Rig = new();

    private readonly ServerEvent raised = new()
    {
        EventType = NodeIds.SystemEventType,
        SourceNode = NodeIds.Server,
        SourceName = "Pump 12",
        Time = new DateTime(2026, 5, 1, 0, 0, 0, DateTimeKind.Utc),
        Message = "flow [low]",
        Severity = 500,
    };

    [Theory]
    [InlineData(FilterOperator.Equals, 500, true)]
    [InlineData(FilterOperator.Equals, 501, false)]
    [InlineData(FilterOperator.GreaterThan, 499, true)]
    [InlineData(FilterOperator.GreaterThan, 500, false)]
    [InlineData(FilterOperator.LessThan, 501, true)]
    [InlineData(FilterOperator.GreaterThanOrEqual, 500, true)]
    [InlineData(FilterOperator.LessThanOrEqual, 499, false)]
    public void Numbers_are_compared_whatever_their_type(FilterOperator op, int literal, bool passes)
    {
        Assert.Equal(passes, Passes(Element(op, Field("Severity"), Literal(literal))));
        Assert.Equal(passes, Passes(Element(op, Field("Severity"), Literal((double)literal))));
        Assert.Equal(passes, Passes(Element(op, Field("Severity"), Literal($"{literal}"))));
    }

    [Fact]
    public void Between_lists_and_nulls()
    {
        Assert.True(Passes(Element(FilterOperator.Between, Field("Severity"), Literal(500), Literal(600))));
        Assert.False(Passes(Element(FilterOperator.Between, Field("Severity"), Literal(501), Literal(600))));
        Assert.True(Passes(Element(FilterOperator.InList, Field("Severity"), Literal(1), Literal(500))));
        Assert.False(Passes(Element(FilterOperator.InList, Field("Severity"), Literal(1), Literal(2))));
        Assert.True(Passes(Element(FilterOperator.IsNull, Field("LocalTime"))));
        Assert.False(Passes(Element(FilterOperator.IsNull, Field("Severity"))));
        // What is compared with null is unknown, and so is its opposite.
        Assert.False(Passes(Element(FilterOperator.Equals, Field("LocalTime"), Literal(1))));
        Assert.False(Passes(
            Element(FilterOperator.Not, At(1)), Element(FilterOperator.Equals, Field("LocalTime"), Literal(1))));
    }

    [Fact]
    public void And_or_and_not_combine_later_elements()
    {
        var yes = Element(FilterOperator.Equals, Literal(1), Literal(1));
        var no = Element(FilterOperator.Equals, Literal(1), Literal(2));
        Assert.False(Passes(Element(FilterOperator.And, At(1), At(2)), yes, no));
        Assert.True(Passes(Element(FilterOperator.Or, At(1), At(2)), yes, no));
        Assert.True(Passes(Element(FilterOperator.And, At(1), At(2)), yes, Element(FilterOperator.Not, At(3)), no));
    }

    [Fact]
    public void The_type_of_the_event_and_its_node_ids_are_compared()
    {
        Assert.True(Passes(Element(FilterOperator.OfType, Id(NodeIds.BaseEventType))));
        Assert.True(Passes(Element(FilterOperator.OfType, Id(NodeIds.SystemEventType))));
        Assert.False(Passes(Element(FilterOperator.OfType, Id(NodeIds.GeneralModelChangeEventType))));
        Assert.True(Passes(Element(FilterOperator.Equals, Field("SourceNode"), Id(NodeIds.Server))));
    }

    [Fact]
    public void Bits_and_casts()
    {
        Assert.True(Passes(
            Element(FilterOperator.Equals, At(1), Literal(4)),
            Element(FilterOperator.BitwiseAnd, Field("Severity"), Literal(12))));
        Assert.True(Passes(
            Element(FilterOperator.Equals, At(1), Literal("500")),
            Element(FilterOperator.Cast, Field("Severity"), Id(NodeIds.String))));
        Assert.True(Passes(
            Element(FilterOperator.IsNull, At(1)),
            Element(FilterOperator.Cast, Field("Severity"), Id(NodeIds.Byte))));
    }

    [Theory]
    [InlineData("Pump 12", "Pump%", true)]
    [InlineData("Pump 12", "%12", true)]
    [InlineData("Pump 12", "P_mp __", true)]
    [InlineData("Pump 12", "Pump", false)]
    [InlineData("Pump 12", "%1[0-4]", true)]
    [InlineData("Pump 12", "%1[^0-4]", false)]
    [InlineData("100%", "100\\%", true)]
    [InlineData("1000", "100\\%", false)]
    [InlineData("a[b", "a[b", true)]
    [InlineData("", "%", true)]
    [InlineData("", "_", false)]
    [InlineData("abcabd", "%ab[d]", true)]
    public void Like_takes_wildcards_sets_and_escapes(string text, string pattern, bool matches) =>
        Assert.Equal(matches, LikePattern.Matches(text, pattern));

    [Fact]
    public void A_pattern_of_many_wildcards_takes_no_time()
    {
        var pattern = string.Concat(Enumerable.Repeat("%a", 400)) + "b";

        Assert.False(LikePattern.Matches(new string('a', 4000), pattern)); // one that tries all ways never ends
    }

    [Fact]
    public void An_element_that_is_used_again_and_again_is_computed_once()
    {
        // Each element is "the next one and the next one": 2^99 steps for whoever follows the operands.
        var elements = new ContentFilterElement[100];
        for (uint i = 0; i < 99; i++)
        {
            elements[i] = Element(FilterOperator.And, At(i + 1), At(i + 1));
        }

        elements[99] = Element(FilterOperator.Equals, Literal(1), Literal(1));

        Assert.True(Passes(elements));
    }

    [Fact]
    public void Wrong_elements_are_refused_each_with_its_code()
    {
        Assert.Equal(StatusCodes.BadFilterOperandInvalid, Refused(Element(FilterOperator.Not, At(0))));
        Assert.Equal(StatusCodes.BadFilterOperandInvalid, Refused(Element(FilterOperator.Not, At(7))));
        Assert.Equal(StatusCodes.BadFilterOperandCountMismatch, Refused(Element(FilterOperator.Equals, Literal(1))));
        Assert.Equal(StatusCodes.BadFilterOperatorUnsupported,
            Refused(Element(FilterOperator.InView, Id(NodeIds.ViewsFolder))));
        Assert.Equal(StatusCodes.BadFilterOperatorInvalid, Refused(Element((FilterOperator)99, Literal(1))));
        Assert.Equal(StatusCodes.BadFilterOperandInvalid, Refused(Element(FilterOperator.OfType, Literal(5))));
        Assert.Equal(StatusCodes.BadFilterOperandInvalid,
            Refused(Element(FilterOperator.IsNull, new AttributeOperand())));
        Assert.Equal(StatusCodes.BadFilterLiteralInvalid,
            Refused(Element(FilterOperator.Like, Field("Message"), Literal(new string('%', 2000)))));
    }

    [Fact]
    public void Too_many_clauses_are_refused_before_they_are_looked_at()
    {
        var many = new EventFilter { SelectClauses = [.. Enumerable.Repeat(Field("Message"), 10_000)] };

        Assert.Equal(StatusCodes.BadTooManyOperations,
            new EventFilterCompiler(Rig.Space, new SubscriptionLimits()).Compile(many, out _, out _));
    }

    private static SimpleAttributeOperand Field(string name) => new()
    {
        TypeDefinitionId = NodeIds.BaseEventType,
        BrowsePath = [new QualifiedName(0, name)],
        AttributeId = AttributeIds.Value,
    };

    private static LiteralOperand Literal(Variant value) => new() { Value = value };

    private static ElementOperand At(uint index) => new() { Index = index };

    private static ContentFilterElement Element(FilterOperator op, params IStructure[] operands) => new()
    {
        FilterOperator = op,
        FilterOperands = Array.ConvertAll(operands, static operand => new ExtensionObject(operand)),
    };

    private static LiteralOperand Id(uint id) => Literal(new NodeId(0, id));

    private static StatusCode Compile(
        ContentFilterElement[] elements, out CompiledEventFilter? filter, out EventFilterResult? result)
    {
        var where = new ContentFilter { Elements = elements };
        return new EventFilterCompiler(Rig.Space, new SubscriptionLimits()).Compile(
            new EventFilter { SelectClauses = [Field("Message")], WhereClause = where }, out filter, out result);
    }

    private static uint Refused(ContentFilterElement element)
    {
        Assert.Equal(StatusCodes.BadEventFilterInvalid, Compile([element], out _, out var result));
        return Assert.Single(result!.WhereClauseResult.ElementResults).StatusCode.Value;
    }

    private bool Passes(params ContentFilterElement[] elements)
    {
        Assert.Equal(StatusCodes.Good, Compile(elements, out var filter, out _));
        return filter!.Passes(raised);
    }
}
