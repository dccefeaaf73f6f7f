namespace EdgeTwin.Mqtt;

/// <summary>The wait for one SUBACK or UNSUBACK.</summary>
internal sealed class SubscribeOperation : IMqttPublishObserver
{
    private readonly TaskCompletionSource<byte> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Return code of the acknowledgement, set before <see cref="Acknowledged"/>.</summary>
    public byte ReturnCode { get; set; }

    public Task<byte> Completion => completion.Task;

    public void Acknowledged(long token) => completion.TrySetResult(ReturnCode);

    public void Lost(long token, MqttException reason) => completion.TrySetException(reason);
}
