namespace EdgeTwin.Tags;

/// <summary>Kind of place that holds a secret.</summary>
internal enum SecretKind
{
    Environment,
    File,
}
