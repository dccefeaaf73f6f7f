using System.Threading.Channels;

namespace EdgeTwin.Mqtt;

/// <summary>A subscription of a client: the queue in which its messages wait for the application. It outlives the
/// connection; after a reconnect the client subscribes again.</summary>
public sealed class MqttSubscription
{
    private readonly Channel<MqttMessage> messages;
    private long received;
    private long dropped;

    internal MqttSubscription(MqttSubscribeOptions options)
    {
        MqttSubscribeOptions.Validate(options);
        Options = options;
        messages = Channel.CreateBounded<MqttMessage>(
            new BoundedChannelOptions(options.Queue)
            {
                FullMode = options.WhenFull switch
                {
                    MqttQueueFullPolicy.DropOldest => BoundedChannelFullMode.DropOldest,
                    MqttQueueFullPolicy.DropNewest => BoundedChannelFullMode.DropWrite,
                    _ => BoundedChannelFullMode.Wait,
                },
            },
            _ => Interlocked.Increment(ref dropped));
    }

    /// <summary>What was asked for.</summary>
    public MqttSubscribeOptions Options { get; }

    /// <summary>Quality of service that the broker granted; null until it has answered.</summary>
    public MqttQos? Granted { get; internal set; }

    /// <summary>Received messages, in the order of arrival; ends with the subscription or the client.</summary>
    public ChannelReader<MqttMessage> Messages => messages.Reader;

    /// <summary>Messages that came, those that were given up included.</summary>
    public long Received => Interlocked.Read(ref received);

    /// <summary>Messages that were given up because the queue was full.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Takes a message; false when the queue is full and reading from the broker has to wait.</summary>
    internal bool TryDeliver(MqttMessage message)
    {
        if (!messages.Writer.TryWrite(message)) return false;
        Interlocked.Increment(ref received);
        return true;
    }

    /// <summary>Takes a message as soon as there is room; gives it up when the subscription ends before that.</summary>
    internal async Task DeliverAsync(MqttMessage message)
    {
        while (!TryDeliver(message))
            if (!await messages.Writer.WaitToWriteAsync()) return;
    }

    internal void End() => messages.Writer.TryComplete();
}
