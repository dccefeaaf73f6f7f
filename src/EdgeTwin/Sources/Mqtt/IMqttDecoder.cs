using EdgeTwin.Mqtt;

namespace EdgeTwin.Sources.Mqtt;

/// <summary>
/// Makes samples of the messages of one format; does no I/O. It outlives the connections of its source. Bad messages
/// are an <see cref="InvalidDataException"/>, and cost nothing else.
/// </summary>
internal interface IMqttDecoder
{
    IReadOnlyList<MqttTarget> Targets { get; }

    /// <summary>What its tags need, without a group to share with.</summary>
    IReadOnlyList<string> Filters { get; }

    /// <summary>A filter of the status of senders, which every subscriber needs even where the rest is
    /// shared.</summary>
    IReadOnlyList<string> StatusFilters { get; }

    /// <summary>A topic on which the tag's value may come.</summary>
    string TopicOf(MqttTarget target);

    /// <summary>There is a connection; all tags are called bad by now, and what the broker keeps comes
    /// (again).</summary>
    void Connected();

    /// <exception cref="InvalidDataException">It cannot be read.</exception>
    void Take(MqttMessage message, in MqttIntake into);

    /// <summary>What only the time brings.</summary>
    void Look(in MqttIntake into);

    /// <summary>A message that is to be sent; null when there is none.</summary>
    (string Topic, byte[] Payload)? TakeCommand();
}
