namespace EdgeTwin.Tests.Tidy;

public class EventIdTests
{
    [Fact]
    public void Event_ids_are_unique_and_in_the_range_of_their_room()
    {
        var messages = Repository.Code()
            .Where(static f => !f.Path.StartsWith("src/EdgeTwin.Tests/", StringComparison.Ordinal))
            .SelectMany(static f => EventIdRules.Find(f.Path, f.Text)).ToArray();

        // Control: the search finds what there is; this room alone has a dozen.
        Assert.True(messages.Length > 10);
        Assert.Empty(EventIdRules.Check(messages));
    }

    [Theory]
    [InlineData("[LoggerMessage(1400, LogLevel.Error, \"x\")]", 1400)]
    [InlineData("[LoggerMessage(\n    EventId = 1401, Level = LogLevel.Error)]", 1401)]
    [InlineData("[LoggerMessage(Level = LogLevel.Error, EventId = 1402)]", 1402)]
    [InlineData("[LoggerMessage(LogLevel.Error, \"x\")]", null)]
    public void An_event_id_is_read_from_its_attribute(string code, int? id) =>
        Assert.Equal(("a.cs:1", id), Assert.Single(EventIdRules.Find("a.cs", code)));

    [Fact]
    public void A_missing_a_repeated_and_a_strange_event_id_are_found()
    {
        var found = EventIdRules.Check(
        [
            ("src/EdgeTwin/Journal/A.cs:1", null),
            ("src/EdgeTwin/Journal/A.cs:2", 1400),
            ("src/EdgeTwin/Journal/B.cs:3", 1400),
            ("src/EdgeTwin/Journal/B.cs:4", 1700),
            ("src/EdgeTwin/Sources/Modbus/C.cs:5", 1200),
            ("src/EdgeTwin/Sources/Modbus/C.cs:6", 1100),
        ]).ToArray();

        Assert.Equal(
            ["src/EdgeTwin/Journal/A.cs:1", "src/EdgeTwin/Journal/B.cs:3", "src/EdgeTwin/Journal/B.cs:4",
                "src/EdgeTwin/Sources/Modbus/C.cs:5"],
            found.Select(static f => f[..(f.IndexOf(".cs:", StringComparison.Ordinal) + 5)]));
    }
}
