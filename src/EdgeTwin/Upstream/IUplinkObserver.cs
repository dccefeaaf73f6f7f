namespace EdgeTwin.Upstream;

/// <summary>What an uplink tells its pump, from whatever thread finds out. Neither call blocks or throws.</summary>
internal interface IUplinkObserver
{
    /// <summary>The far side has the message for certain.</summary>
    void Delivered(long token);

    /// <summary>The connection is gone; what was not reported as delivered may or may not have arrived.</summary>
    void Lost(UplinkException reason);
}
