using EdgeTwin.Tags;

namespace EdgeTwin.Sources.Mqtt;

/// <summary>Makes samples of what came, with this gateway's clock as receive time.</summary>
internal sealed class MqttSamples(SourceContext context)
{
    // A clock ahead of ours by more than this is wrong; its time would hold the tag back from then on.
    private static readonly TimeSpan MostAhead = TimeSpan.FromHours(1);

    public SourceContext Context => context;

    public DateTime Now => context.Time.GetUtcNow().UtcDateTime;

    /// <summary>The sample of a value; <see cref="TagValue.None"/> is one that does not fit the tag's type.</summary>
    public Sample Make(MqttTarget target, TagValue value, StatusCode status, DateTime? time)
    {
        var now = Now;
        var at = time is not { } said || said > now + MostAhead ? now : said;
        // A bad value is none, whatever is sent with it.
        if (!status.IsBad && value.IsNone) status = StatusCode.BadTypeMismatch;
        else if (!status.IsBad && !target.Tag.TryScale(ref value)) status = StatusCode.BadOutOfRange;
        return new Sample(
            target.Tag.Definition.Id, status.IsBad ? TagValue.None : value, status, at, now, context.Clock());
    }

    /// <summary>Adds a value that counts now.</summary>
    public static void Add(MqttTarget target, in Sample sample, in MqttIntake into)
    {
        (target.IsHeard, target.Told, target.Waiting) = (true, null, null);
        into.Live.Add(in sample);
    }

    /// <summary>Keeps a value until its gateway says that it is online; the one that waited for that tells of the past
    /// now.</summary>
    public static void Wait(MqttTarget target, in Sample sample, in MqttIntake into)
    {
        if (target.Waiting is { } before) into.Late.Add(in before);
        target.Waiting = sample;
    }

    /// <summary>Calls a tag bad, once.</summary>
    public void Tell(MqttTarget target, StatusCode status, in MqttIntake into)
    {
        if (target.Waiting is { } before) into.Late.Add(in before);
        (target.IsHeard, target.Waiting) = (false, null);
        if (target.Told == status) return;
        target.Told = status;
        into.Live.Add(Make(target, TagValue.None, status, null));
    }
}
