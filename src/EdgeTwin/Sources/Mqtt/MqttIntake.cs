using EdgeTwin.Tags;

namespace EdgeTwin.Sources.Mqtt;

/// <summary>The samples of some messages: those that count now, and those that tell of the past.</summary>
internal readonly struct MqttIntake()
{
    public SampleBatch Live { get; } = SampleBatch.Rent();

    public SampleBatch Late { get; } = SampleBatch.Rent();

    public int Count => Live.Count + Late.Count;

    /// <summary>Hands both over, or back where there is nothing in them.</summary>
    public async ValueTask PostAsync(ISampleInbox inbox, CancellationToken cancellation)
    {
        Late.IsHistory = true;
        await PostAsync(Live, inbox, cancellation);
        await PostAsync(Late, inbox, cancellation);
    }

    private static ValueTask PostAsync(SampleBatch batch, ISampleInbox inbox, CancellationToken cancellation)
    {
        if (batch.Count > 0) return inbox.PostAsync(batch, cancellation);
        batch.Return();
        return default;
    }
}
