namespace EdgeTwin.Tests.Support;

/// <summary>
/// Tests of whole programs on the real clock. They run one after the other, when the others are done: a machine that
/// is busy with a thousand tests would make their times say nothing.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class RealTime
{
    public const string Name = "real time";

    /// <summary>How long a test waits for what has to come. It ends a test that fails and measures nothing: a machine
    /// may take the processor away for seconds.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
}
