using System.CommandLine;
using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Client.Subscriptions;

namespace EdgeTwin.Cli;

/// <summary><c>edgetwin watch</c>: values of an OPC UA server as they change.</summary>
internal static class WatchCommand
{
    private const int Queue = 100;

    public static Command Build()
    {
        var server = new OpcUaOptions();
        var nodes = new Argument<string[]>("node")
        {
            Description = "nsu=…;s=…, i=2258, or browse:Plant/Pump/Flow.",
            Arity = ArgumentArity.OneOrMore,
        };
        var interval = new Option<string?>("--interval")
        {
            Description = "How often the server sends what changed; 250ms when absent.",
            HelpName = "duration",
        };
        var limit = new Option<string?>("--for")
        {
            Description = "Stop by itself after this time, such as 60s.",
            HelpName = "duration",
        };
        var command = new Command(
            "watch",
            """
            Print values of an OPC UA server as they change, until Ctrl-C.

            Example:
              edgetwin watch opc.tcp://192.0.2.10:4840 i=2258 browse:Plant/Pump/Flow --for 10s
            """)
        { interval, limit };
        server.AddTo(command);
        command.Arguments.Add(nodes);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var publishing = Durations.Parse("--interval", parsed.GetValue(interval)) ?? TimeSpan.FromMilliseconds(250);
            var end = Durations.Parse("--for", parsed.GetValue(limit));
            return await server.Read(parsed).RunAsync(async client =>
            {
                if (end is { } after) stop.CancelAfter(after);
                await WatchAsync(client, parsed.GetValue(nodes)!, publishing,
                    parsed.GetValue(CommandLine.Json), stop.Token);
                return ExitCodes.Ok;
            }, cancellation);
        });
        return command;
    }

    private static async Task WatchAsync(
        OpcUaClient client, string[] nodes, TimeSpan publishing, bool json, CancellationToken stop)
    {
        try
        {
            await using var subscription = await client.SubscribeAsync(
                new SubscriptionOptions { PublishingInterval = publishing }, stop);
            var items = new List<ItemOptions>();
            foreach (var text in nodes)
            {
                var node = await OpcUaNode.FindAsync(client, text, stop);
                items.Add(new ItemOptions { Node = node, QueueSize = Queue, Tag = text });
            }

            await subscription.AddAsync(items, stop);
            await foreach (var notice in subscription.Notices.ReadAllAsync(stop)) Show(notice, json);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The time is up, or Ctrl-C.
        }
    }

    private static void Show(SubscriptionNotice notice, bool json)
    {
        switch (notice)
        {
            case DataChangeNotice data:
                foreach (var change in data.Changes) OpcUaValueLine.Write((string)change.Item.Tag!, change.Value, json);
                break;
            case RecoveryNotice recovery:
                Console.Error.WriteLine($"connection lost at {recovery.LostAt:u}, back at {recovery.RestoredAt:u}");
                break;
            case GapNotice gap:
                Console.Error.WriteLine($"values between {gap.From:u} and {gap.To:u} may be missing");
                break;
        }
    }
}
