namespace EdgeTwin.OpcUa.Server.Events;

/// <summary>Where events go: every monitored item whose notifier the source belongs to gets them.</summary>
public interface IEventSink
{
    /// <summary>Hands an event to its watchers. Never blocks; may be called from any thread.</summary>
    void Raise(ServerEvent e);
}
