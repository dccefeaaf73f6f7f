namespace EdgeTwin.Hosting;

/// <summary>A control request that cannot be answered; the message is for the person who asked.</summary>
internal sealed class ControlException : Exception
{
    public ControlException()
    {
    }

    public ControlException(string message)
        : base(message)
    {
    }

    public ControlException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
