using EdgeTwin.Brokers;
using EdgeTwin.Mqtt;

namespace EdgeTwin.Upstream.Mqtt;

/// <summary>What an uplink asks of its client.</summary>
internal static class MqttUplinkOptions
{
    /// <summary>Places in the client's window beside the pump's, for the status message.</summary>
    private const int Spare = 2;

    /// <param name="config">As the user wrote it.</param>
    /// <param name="endpoint">Its endpoint or one of its alternatives.</param>
    /// <param name="context">The uplink.</param>
    /// <param name="will">Last will; null for none.</param>
    /// <exception cref="UplinkException">A secret or certificate is not there.</exception>
    public static MqttClientOptions From(BrokerUplinkConfig config, Uri endpoint, UplinkContext context, MqttWill? will)
    {
        try
        {
            return BrokerOptions.From(config, endpoint, context.GatewayId, context.BaseFolder) with
            {
                Will = will,
                CleanSession = true, // the journal is the session: what is not proven is read from it again
                Window = Math.Min(ushort.MaxValue, config.Window + Spare),
            };
        }
        catch (IOException missing)
        {
            throw new UplinkException(missing.Message, missing);
        }
    }
}
