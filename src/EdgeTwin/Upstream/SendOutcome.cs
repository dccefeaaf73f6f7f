namespace EdgeTwin.Upstream;

/// <summary>What became of the head of the samples that an uplink was asked to send.</summary>
/// <param name="Samples">How many went; 1 when the first can never go; 0 when the uplink cannot take a message
/// now.</param>
/// <param name="Refusal">Why it can never go; null when they went.</param>
internal readonly record struct SendOutcome(int Samples, string? Refusal = null)
{
    /// <summary>It cannot take a message now.</summary>
    public static SendOutcome Full => default;

    /// <summary>The first sample can never go.</summary>
    public static SendOutcome Refused(string reason) => new(1, reason);
}
