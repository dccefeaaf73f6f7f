using EdgeTwin.Benchmarks.Peers;

namespace EdgeTwin.Tests.RealPeers.Mqtt;

/// <summary>RabbitMQ and NATS for all tests of the collection, one after the other: RabbitMQ starts slowly.</summary>
public sealed class BrokerFixture : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("edgetwin-brokers-");
    private RabbitMq? rabbit;
    private Nats? nats;

    /// <summary>The broker of that name, running.</summary>
    internal IBroker this[string name] => name == "rabbitmq" ? rabbit! : nats!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        rabbit = await RabbitMq.StartAsync(folder.CreateSubdirectory("rabbitmq").FullName);
        nats = await Nats.StartAsync(folder.CreateSubdirectory("nats").FullName);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (rabbit is not null) await rabbit.DisposeAsync();
        if (nats is not null) await nats.DisposeAsync();
        folder.Delete(recursive: true);
    }
}
