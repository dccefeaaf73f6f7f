using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Encoding;

/// <summary>The one exception of the library: what the peer sent, or answered, cannot be used.</summary>
/// <param name="status">The code that says why, as the specification names it.</param>
/// <param name="message">What, which and the value.</param>
/// <param name="inner">What caused it.</param>
public sealed class OpcUaException(StatusCode status, string message, Exception? inner = null)
    : Exception($"{message} ({status})", inner)
{
    /// <summary>The code of the specification.</summary>
    public StatusCode Status { get; } = status;
}
