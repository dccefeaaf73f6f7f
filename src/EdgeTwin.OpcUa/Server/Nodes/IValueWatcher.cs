using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>Who is told every value of a variable: a monitored item.</summary>
internal interface IValueWatcher
{
    /// <summary>The next value, in the order in which the variable got them. Called by the thread that set it, one call
    /// at a time per variable; must be short and must not set values itself.</summary>
    void OnValue(in DataValue value);

    /// <summary>Where it stands among the watchers of its variable, which owns this. It watches one variable at a
    /// time.</summary>
    int Place { get; set; }
}
