namespace EdgeTwin.Cli;

/// <summary>A failure that the user can mend; its message is what is printed.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    public int ExitCode => exitCode;
}
