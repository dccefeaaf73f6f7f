namespace EdgeTwin.Upstream;

/// <summary>Why an uplink cannot deliver now. The pump waits and tries again.</summary>
internal sealed class UplinkException(string message, Exception? innerException = null)
    : Exception(message, innerException);
