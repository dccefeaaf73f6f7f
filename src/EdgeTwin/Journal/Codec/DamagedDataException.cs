namespace EdgeTwin.Journal.Codec;

/// <summary>Stored bytes are not what was written: a checksum fails or a length points outside.</summary>
internal sealed class DamagedDataException(string message) : Exception(message);
