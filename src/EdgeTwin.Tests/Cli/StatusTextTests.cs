using System.Collections.Immutable;
using EdgeTwin.Cli;
using EdgeTwin.Hosting;
using EdgeTwin.Journal;
using EdgeTwin.Tags;

namespace EdgeTwin.Tests.Cli;

/// <summary>The status as it is printed.</summary>
public class StatusTextTests
{
    [Fact]
    public void Columns_stay_in_line_however_long_a_name_is()
    {
        var lines = Lines(Status() with
        {
            Tags =
            [
                Tag("flow", "12.5", "L/min"), Tag("condition.contribution.accelerometer-2-rms", "0.017", null),
                Tag("note", new string('x', 200), null),
            ],
        }, "tag ");
        Assert.Equal(lines[0].IndexOf("L/min", StringComparison.Ordinal),
            lines[1].IndexOf("0.017", StringComparison.Ordinal) + "0.017 ".Length);
        Assert.Equal(lines[0].IndexOf("Good", StringComparison.Ordinal),
            lines[1].IndexOf("Good", StringComparison.Ordinal));
        Assert.True(lines[0].Length < 150, "one long value does not move the others");
    }

    [Fact]
    public void What_retention_took_is_told()
    {
        var status = Status() with
        {
            Journal = new JournalStatus
            {
                Dropped = ImmutableDictionary<string, long>.Empty.Add("size", 1200),
            },
        };
        Assert.EndsWith("DROPPED 1200 (size)", Assert.Single(Lines(status, "journal")));
    }

    private static string[] Lines(GatewayStatus status, string kind) =>
    [
        .. StatusText.Format(status).Split(Environment.NewLine)
            .Where(line => line.StartsWith(kind, StringComparison.Ordinal)),
    ];

    private static TagStatus Tag(string name, string value, string? unit) =>
        new(name, value, unit, "Good", TimeSpan.FromMilliseconds(20), null);

    private static GatewayStatus Status() => new()
    {
        Gateway = "gw",
        Asset = "acme/x",
        Version = "1",
        Started = DateTime.UnixEpoch,
        Clock = ClockState.Synchronised,
        Sources = [],
        Tags = [],
        Models = [],
        Alarms = [],
        Journal = new JournalStatus(),
        Uplinks = [],
        AlarmsRaised = 0,
        SamplesApplied = 0,
    };
}
