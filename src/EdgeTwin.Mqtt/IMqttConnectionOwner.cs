namespace EdgeTwin.Mqtt;

/// <summary>What a connection tells the client that opened it.</summary>
internal interface IMqttConnectionOwner
{
    /// <summary>So many requests ended; as many more may be sent.</summary>
    void PlacesFreed(int count);

    /// <summary>Takes a received message; completes when it is in the application's queue (or given up by its
    /// policy).</summary>
    ValueTask DeliverAsync(MqttMessage message);

    /// <summary>The connection is gone; called once.</summary>
    void Ended(MqttConnection connection, MqttException reason);
}
