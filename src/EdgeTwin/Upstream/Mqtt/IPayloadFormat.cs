namespace EdgeTwin.Upstream.Mqtt;

/// <summary>A form in which samples go; <c>docs/payload.md</c> describes each.</summary>
internal interface IPayloadFormat
{
    /// <summary>Writes the message that begins with the first sample into an empty payload; returns how many samples it
    /// carries, and its topic.</summary>
    int Encode(SampleRun run, Utf8Payload payload, out ReadOnlySpan<byte> topic);
}
