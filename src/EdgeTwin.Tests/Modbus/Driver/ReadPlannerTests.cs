using EdgeTwin.Modbus;
using EdgeTwin.Sources.Modbus;
using EdgeTwin.Tags;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeTwin.Tests.Modbus.Driver;

public class ReadPlannerTests
{
    private static readonly ReadLimits Limits = new(125, 2000, 8);

    [Theory]
    [InlineData("0 1 2 3", "holding:0-3")]
    [InlineData("3 1 2 0", "holding:0-3")]                 // in whatever order they are configured
    [InlineData("0 9 18", "holding:0-18")]                 // gaps of 8 are read along
    [InlineData("0 10", "holding:0, holding:10")]          // a gap of 9 is not
    [InlineData("0 8 16 24 32 40 48 56 64 72 80 88 96 104 112 120 128", "holding:0-120, holding:128")] // 125 at most
    public void Tags_are_packed_into_few_requests(string addresses, string plan) =>
        Assert.Equal(plan, Spans(ReadPlanner.Plan(
        Tags(addresses.Split(' ').Select(address => ModbusDriverHarness.Config("holding:" + address))), Limits, [])));

    [Fact]
    public void A_value_is_never_torn_between_two_requests()
    {
        var tags = Tags(Enumerable.Range(0, 40).Select(i =>
            ModbusDriverHarness.Config($"holding:{i * 4}", TagDataType.Float64)));
        Assert.Equal("holding:0-123, holding:124-159", Spans(ReadPlanner.Plan(tags, Limits, [])));
    }

    [Fact]
    public void Tags_that_share_registers_share_a_request()
    {
        var tags = Tags([
            ModbusDriverHarness.Config("holding:10", TagDataType.Float32), ModbusDriverHarness.Config("holding:11"),
            ModbusDriverHarness.Config("holding:10.0", TagDataType.Bool),
            ModbusDriverHarness.Config("holding:10.15", TagDataType.Bool)]);
        var block = Assert.Single(ReadPlanner.Plan(tags, Limits, []));
        Assert.Equal(("holding:10-11", 4), (block.Span.ToString(), block.Tags.Length));
    }

    [Fact]
    public void Tables_are_not_mixed_and_bits_have_their_own_limits()
    {
        var tags = Tags([
            ModbusDriverHarness.Config("coil:0", TagDataType.Bool),
                ModbusDriverHarness.Config("coil:128", TagDataType.Bool),
            ModbusDriverHarness.Config("discrete:1", TagDataType.Bool), ModbusDriverHarness.Config("input:2")]);
        Assert.Equal("coil:0-128, discrete:1, input:2", Spans(ReadPlanner.Plan(tags, Limits, [])));
    }

    [Fact]
    public void No_request_contains_a_refused_span() => Assert.Equal("holding:0-2, holding:4-6", Spans(ReadPlanner.Plan(
        Tags(new[] { 0, 1, 2, 4, 5, 6 }.Select(a => ModbusDriverHarness.Config($"holding:{a}"))), Limits,
        [new AddressSpan(ModbusTable.HoldingRegisters, 3, 4)])));

    /// <summary>For any tags and limits: every tag exactly once, inside its request, and every rule kept.</summary>
    [Fact]
    public void Every_plan_covers_every_tag_exactly_once_within_the_limits() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        var limits = new ReadLimits(random.Next(4, 126), random.Next(1, 2001), random.Next(0, 30));
        var tags = Tags(Enumerable.Range(0, random.Next(1, 200)).Select(_ => AnyTag(random))).ToList();
        AddressSpan[] refused = [.. Enumerable.Range(0, random.Next(5)).Select(_ => AnySpan(random))];
        var blocks = ReadPlanner.Plan(tags, limits, refused);

        var covered = blocks.SelectMany(block => block.Tags).Select(tag => tag.Id.Index).Order();
        Assert.Equal(Enumerable.Range(0, tags.Count), covered);
        foreach (var block in blocks)
        {
            Assert.All(block.Tags, tag => Assert.True(block.Span.Contains(tag.Span)));
            Assert.InRange(block.Span.Length, 1, limits.Most(block.Span.Table));
            Assert.Equal(block.Tags.Max(tag => tag.Span.End), block.Span.End);
            if (!block.Tags.Any(tag => tag.Span == block.Span)) Assert.DoesNotContain(refused, block.Span.Contains);
            var reach = block.Span.Start;
            foreach (var tag in block.Tags)
            {
                Assert.InRange(tag.Span.Start - reach, int.MinValue, limits.Gap(block.Span.Table));
                reach = Math.Max(reach, tag.Span.End);
            }
        }

        return true;
    }).QuickCheckThrowOnFailure();

    /// <summary>Splitting again and again ends at single places and loses no tag.</summary>
    [Fact]
    public void Splitting_loses_no_tag_and_ends() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        var tags = Tags(Enumerable.Range(0, random.Next(1, 60)).Select(_ =>
            ModbusDriverHarness.Config($"holding:{random.Next(40)}"))).ToList();
        var open = new Stack<ReadBlock>(ReadPlanner.Plan(tags, new ReadLimits(125, 2000, 100), []));
        var found = new List<int>();
        while (open.TryPop(out var block))
        {
            if (block.IsOnePlace) found.AddRange(block.Tags.Select(tag => tag.Id.Index));
            else
            {
                var (left, right) = block.Split();
                Assert.True(left.Tags.Length > 0 && right.Tags.Length > 0);
                open.Push(left);
                open.Push(right);
            }
        }

        Assert.Equal(Enumerable.Range(0, tags.Count), found.Order());
        return true;
    }).QuickCheckThrowOnFailure();

    private static TagConfig AnyTag(Random random)
    {
        var at = random.Next(400);
        return random.Next(6) switch
        {
            0 => ModbusDriverHarness.Config($"coil:{at}", TagDataType.Bool),
            1 => ModbusDriverHarness.Config($"discrete:{at}", TagDataType.Bool),
            2 => ModbusDriverHarness.Config($"input:{at}", TagDataType.Float32),
            3 => ModbusDriverHarness.Config($"holding:{at}.{random.Next(16)}", TagDataType.Bool),
            4 => ModbusDriverHarness.Config($"holding:{at}", TagDataType.Float64),
            _ => ModbusDriverHarness.Config($"holding:{at}"),
        };
    }

    private static AddressSpan AnySpan(Random random)
    {
        var start = random.Next(400);
        return new AddressSpan((ModbusTable)random.Next(4), start, start + random.Next(1, 4));
    }

    private static IEnumerable<ModbusTag> Tags(IEnumerable<TagConfig> configs)
    {
        var table = new TagTable();
        return configs.Select((config, i) => new ModbusTag(ModbusDriverHarness.Tag(table, $"t{i}", config)));
    }

    private static string Spans(IEnumerable<ReadBlock> blocks) => string.Join(", ", blocks.Select(block => block.Span));
}
