namespace EdgeTwin.Tags;

/// <summary>Fetches a secret when it is needed, so that a rotated one is taken up with the next connection. Never
/// logged.</summary>
internal static class SecretReader
{
    /// <exception cref="IOException">It is not there; the message says where it was looked for.</exception>
    public static string Read(SecretReference reference, string baseFolder)
    {
        if (reference.Kind == SecretKind.Environment)
        {
            return Environment.GetEnvironmentVariable(reference.Name)
                ?? throw new IOException($"the password's environment variable {reference.Name} is not set");
        }
        try
        {
            return File.ReadAllText(Path.Combine(baseFolder, reference.Name)).TrimEnd('\r', '\n');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"the password's file cannot be read: {error.Message}", error);
        }
    }
}
