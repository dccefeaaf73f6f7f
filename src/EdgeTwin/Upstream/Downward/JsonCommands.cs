using System.Buffers;
using System.Text.Json;
using EdgeTwin.Mqtt;
using EdgeTwin.Tags;

namespace EdgeTwin.Upstream.Downward;

/// <summary>
/// Takes the JSON commands that come on one topic of an MQTT connection, and answers each. Commands are never kept by
/// the broker: one that it kept is refused, for nobody knows how old it is.
/// </summary>
internal sealed class JsonCommands : IAsyncDisposable
{
    private const int Queue = 256;
    private const int LongestShown = 64;
    private readonly UplinkContext context;
    private readonly CommandInbox inbox;
    private readonly MqttClient client;
    private readonly MqttSubscription subscription;
    private readonly string principal;
    private readonly CancellationTokenSource end = new();
    private readonly Task reading;

    /// <param name="context">Of the uplink.</param>
    /// <param name="inbox">Outlives the connection, for it knows what came before.</param>
    /// <param name="client">Not connected yet.</param>
    /// <param name="topic">Where commands come; the answers go to it with <c>/answer</c> behind, or to where the asker
    /// said (MQTT 5.0).</param>
    /// <param name="principal">Who asks, as far as this side knows: the broker.</param>
    public JsonCommands(UplinkContext context, CommandInbox inbox, MqttClient client, string topic, string principal)
    {
        (this.context, this.inbox, this.client, this.principal) = (context, inbox, client, principal);
        // A flood of commands must not stop the acknowledgements behind it.
        subscription = client.Prepare(new MqttSubscribeOptions
        {
            Filter = topic,
            Queue = Queue,
            WhenFull = MqttQueueFullPolicy.DropNewest,
        });
        reading = Task.Run(ReadAsync);
    }

    /// <summary>Call when the client is disposed of: then nothing more comes.</summary>
    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await reading;
        end.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            await foreach (var message in subscription.Messages.ReadAllAsync(end.Token)) await DoAsync(message);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task DoAsync(MqttMessage message)
    {
        var problem = Read(message, out var command, out var tag, out var value);
        if (problem is not null) inbox.Refuse(command.Tag, problem);
        var status = problem is null
            ? await inbox.HandOverAsync(tag!, value, principal, end.Token)
            : StatusCode.BadInvalidArgument;
        try
        {
            await client.PublishAsync(message.Properties.ResponseTopic ?? $"{subscription.Options.Filter}/answer",
                Answer(command, status, problem), MqttQos.AtLeastOnce, retain: false, end.Token,
                PayloadNotes.Json with { CorrelationData = message.Properties.CorrelationData });
        }
        catch (MqttException lost)
        {
            inbox.Refuse(command.Tag, $"its answer {status} could not be sent: {lost.Message}");
        }
    }

    private string? Read(MqttMessage message, out JsonCommand command, out TagDefinition? tag, out TagValue value)
    {
        (tag, value) = (null, default);
        if (JsonCommand.Read(message.Payload, out command) is { } malformed) return malformed;
        if (message.Retain) return "the broker has kept it; commands are sent without 'retain'";
        if (!context.Tags.TryFind(command.Tag, out tag) || tag.Origin is TagOrigin.Retired)
            return "there is no such tag";
        if (!command.TryGetValue(tag.Type, out value))
            return $"{Short(command.Value.GetRawText())} is no {tag.Type}, which '{tag.Name}' is";
        return inbox.Problem(command.Id, command.Sent, command.Expires);
    }

    private static string Short(string text) => text.Length <= LongestShown ? text : text[..LongestShown] + "…";

    private static ReadOnlyMemory<byte> Answer(JsonCommand command, StatusCode status, string? reason)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, command.Id);
            json.WriteString("tag"u8, command.Tag);
            json.WriteString("status"u8, status.ToString());
            if (reason is not null) json.WriteString("reason"u8, reason);
            json.WriteEndObject();
        }

        return bytes.WrittenMemory;
    }
}
