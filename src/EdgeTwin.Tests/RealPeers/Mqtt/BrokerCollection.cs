namespace EdgeTwin.Tests.RealPeers.Mqtt;

/// <summary>The tests that share <see cref="BrokerFixture"/>.</summary>
[CollectionDefinition("brokers")]
public sealed class BrokerCollection : ICollectionFixture<BrokerFixture>;
