namespace EdgeTwin.Tags.Expressions;

/// <summary>What an expression came to.</summary>
/// <param name="Number">The value; a Boolean is 0 or 1. Meaningless when the status is bad.</param>
/// <param name="Status">The worst quality among the inputs that decided the value.</param>
/// <param name="SourceTicks">The newest source time among the inputs, UTC ticks; 0 when there is none.</param>
internal readonly record struct ExpressionResult(double Number, StatusCode Status, long SourceTicks)
{
    /// <summary>The Boolean result, false while it is bad.</summary>
    public bool IsTrue => !Status.IsBad && Number != 0;
}
