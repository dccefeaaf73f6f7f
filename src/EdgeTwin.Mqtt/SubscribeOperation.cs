namespace EdgeTwin.Mqtt;

/// <summary>The wait for one SUBACK or UNSUBACK.</summary>
internal sealed class SubscribeOperation : IMqttPublishObserver
{
    private readonly TaskCompletionSource<(MqttReasonCode Reason, string? Text)> completion =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the broker answered, with its own words where it has any.</summary>
    public Task<(MqttReasonCode Reason, string? Text)> Completion => completion.Task;

    public void Answered(MqttReasonCode reason, string? text) => completion.TrySetResult((reason, text));

    public void Acknowledged(long token) => Answered(MqttReasonCode.Success, null);

    public void Refused(long token, MqttException reason) => completion.TrySetException(reason);

    public void Lost(long token, MqttException reason) => completion.TrySetException(reason);
}
