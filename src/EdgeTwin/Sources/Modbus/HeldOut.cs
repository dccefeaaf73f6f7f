using EdgeTwin.Tags;

namespace EdgeTwin.Sources.Modbus;

/// <summary>A request that the device refuses and that cannot be split, with when it is tried again.</summary>
internal sealed class HeldOut(ReadBlock block, StatusCode status)
{
    public ReadBlock Block => block;

    /// <summary>Quality of its tags meanwhile.</summary>
    public StatusCode Status { get; set; } = status;

    /// <summary>Monotonic time of the next trial.</summary>
    public TimeSpan RetryAt { get; set; }
}
