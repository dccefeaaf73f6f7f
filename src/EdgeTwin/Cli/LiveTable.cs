using EdgeTwin.Hosting;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace EdgeTwin.Cli;

/// <summary>The demo's screen: tags, model, alarms, journal and uplink, drawn anew a few times a second.</summary>
internal sealed class LiveTable(IReadOnlyList<string> places, RecentLogs logs, IAnsiConsole console, TimeProvider time)
{
    private const int MostTags = 24;
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(250);

    /// <summary>Draws until cancelled.</summary>
    public Task RunAsync(Func<ValueTask<GatewayStatus>> ask, CancellationToken cancellation) =>
        console.Live(new Text("starting")).StartAsync(async screen =>
        {
            using var turn = new PeriodicTimer(Refresh, time);
            try
            {
                do screen.UpdateTarget(Draw(await ask()));
                while (await turn.WaitForNextTickAsync(cancellation));
            }
            catch (OperationCanceledException)
            {
                screen.UpdateTarget(Draw(await ask()));
            }
        });

    /// <summary>One picture of the status.</summary>
    public IRenderable Draw(GatewayStatus status)
    {
        var rows = new List<IRenderable> { Tags(status), Alarms(status), new Markup(Journal(status)) };
        rows.AddRange(status.Uplinks.Select(uplink =>
            new Markup($"[grey]uplink [/] {Markup.Escape(StatusText.Uplink(uplink))}")));
        rows.AddRange(places.Select(place => new Markup($"[grey]{Markup.Escape(place)}[/]")));
        rows.Add(new Rule { Style = Style.Parse("grey") });
        rows.AddRange(logs.Lines.Select(line =>
            new Text(line, new Style(Color.Grey)) { Overflow = Overflow.Ellipsis }));
        return new Rows(rows);
    }

    private static Table Tags(GatewayStatus status)
    {
        var table = new Table { Border = TableBorder.Simple, Title = new TableTitle(Markup.Escape(status.Asset)) };
        table.AddColumn("tag").AddColumn(new TableColumn("value").RightAligned()).AddColumn("unit").AddColumn("quality")
            .AddColumn(new TableColumn("age").RightAligned()).AddColumn("liveness");
        foreach (var tag in status.Tags.Take(MostTags))
        {
            table.AddRow(
                new Text(tag.Name), new Text(StatusText.Value(tag.Value)), new Text(tag.Unit ?? ""),
                new Text(tag.Quality, new Style(Colour(tag.Quality))), new Text(StatusText.Age(tag.Age)),
                new Text(tag.Liveness ?? ""));
        }

        if (status.Tags.Count > MostTags) table.AddRow($"… and {status.Tags.Count - MostTags} more");
        return table;
    }

    private static Rows Alarms(GatewayStatus status) => new(status.Alarms.Select(alarm => new Markup(
        $"[grey]alarm  [/] {Markup.Escape(alarm.Name)} "
            + $"[{(alarm.State.StartsWith("active", StringComparison.Ordinal) ? "red bold" : "green")}]"
        + $"{alarm.State}[/] {(alarm.State == "normal" ? "" : Markup.Escape(alarm.Message))}")));

    private static string Journal(GatewayStatus status) =>
        $"[grey]journal[/]{Markup.Escape(StatusText.Journal(status)["journal".Length..])}";

    private static Color Colour(string quality) =>
        quality.StartsWith("Good", StringComparison.Ordinal) ? Color.Green
        : quality.StartsWith("Uncertain", StringComparison.Ordinal) ? Color.Yellow
        : Color.Red;
}
