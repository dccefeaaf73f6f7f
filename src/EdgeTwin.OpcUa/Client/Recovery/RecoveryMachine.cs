using EdgeTwin.OpcUa.Client.Sessions;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.Recovery;

/// <summary>
/// The way from a lost connection to a working one, without I/O: what happened goes in, the next step comes out. The
/// old session is tried as long as the server does not deny it, because with it everything the server queued is kept.
/// </summary>
internal sealed class RecoveryMachine(BackOff backOff)
{
    // A server that answers other requests but never this one would hold us here for ever.
    private const int MostResumes = 3;

    // A connection that is lost again sooner is the same trouble, and is not met with attempts without pause.
    private static readonly TimeSpan Stable = TimeSpan.FromSeconds(10);

    private bool hasSession;
    private int resumes;
    private TimeSpan connectedAt;

    public RecoveryStep Step { get; private set; } = RecoveryStep.Discover;

    /// <summary>How long <see cref="RecoveryStep.Pause"/> is.</summary>
    public TimeSpan Pause { get; private set; }

    /// <summary>Whether the session before the loss is the one after it.</summary>
    public bool WasResumed { get; private set; }

    /// <summary>The first attempt failed before anything was there; the next begins anew, at once.</summary>
    public void Restart()
    {
        hasSession = false;
        backOff.Reset();
        Step = RecoveryStep.Discover;
    }

    /// <summary>Something was lost while connected, or after the old session had been resumed.</summary>
    /// <param name="kind">How much.</param>
    /// <param name="now">Monotonic time.</param>
    public void Lost(LossKind kind, TimeSpan now)
    {
        switch (kind)
        {
            case LossKind.Subscription:
                Step = RecoveryStep.Restore;
                break;
            case LossKind.Channel or LossKind.Session:
                if (now - connectedAt >= Stable) backOff.Reset();
                WasResumed = true;
                resumes = 0;
                if (kind == LossKind.Session) hasSession = false;
                PauseOr(RecoveryStep.Discover);
                break;
        }
    }

    /// <summary>The step was done.</summary>
    public void Succeeded(TimeSpan now)
    {
        switch (Step)
        {
            case RecoveryStep.Pause:
                Step = RecoveryStep.Discover;
                break;
            case RecoveryStep.Discover:
                Step = RecoveryStep.Open;
                break;
            case RecoveryStep.Open:
                Step = hasSession ? RecoveryStep.Resume : RecoveryStep.Create;
                break;
            case RecoveryStep.Resume:
                resumes = 0;
                Step = RecoveryStep.Learn;
                break;
            case RecoveryStep.Create:
                hasSession = true;
                WasResumed = false;
                Step = RecoveryStep.Learn;
                break;
            case RecoveryStep.Learn:
                Step = RecoveryStep.Restore;
                break;
            case RecoveryStep.Restore:
                connectedAt = now;
                Step = RecoveryStep.Watch;
                break;
        }
    }

    /// <summary>The step failed.</summary>
    public void Failed(StatusCode status)
    {
        var refused = Loss.IsRefusal(status);
        if (Step == RecoveryStep.Resume && (refused || Loss.KindOf(status) == LossKind.Session))
        {
            hasSession = false;
            Step = RecoveryStep.Create; // The channel is good; only the session is not.
            return;
        }

        if (Step == RecoveryStep.Resume && ++resumes == MostResumes) hasSession = false;
        if (Loss.KindOf(status) == LossKind.Session) hasSession = false;
        PauseOr(RecoveryStep.Discover);
    }

    private void PauseOr(RecoveryStep step)
    {
        Pause = backOff.Next();
        Step = Pause > TimeSpan.Zero ? RecoveryStep.Pause : step;
    }
}
