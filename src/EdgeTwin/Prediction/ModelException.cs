namespace EdgeTwin.Prediction;

/// <summary>A model package that cannot be read, trusted or run: what, which, the value, the fix.</summary>
internal sealed class ModelException : Exception
{
    public ModelException()
    {
    }

    public ModelException(string message)
        : base(message)
    {
    }

    public ModelException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
