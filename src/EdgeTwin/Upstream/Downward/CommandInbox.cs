using System.Globalization;
using EdgeTwin.Commands;
using EdgeTwin.Tags;

namespace EdgeTwin.Upstream.Downward;

/// <summary>
/// What every command from a far side goes through, whatever its wire format: too old, from the future or come before
/// is refused here; all else is for the command port to decide. Either way the log has it. Any thread.
/// </summary>
/// <param name="context">Of the uplink.</param>
/// <param name="origin">Which face it comes in by, such as <c>sparkplug</c>.</param>
/// <param name="age">A command that was sent longer ago is refused.</param>
internal sealed class CommandInbox(UplinkContext context, string origin, TimeSpan age)
{
    /// <summary>Commands whose repetition is recognised.</summary>
    private const int MostRemembered = 1024;

    /// <summary>A far side's clock may be ahead of the gateway's by this much.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Queue<object> order = new();
    private readonly HashSet<object> seen = [];

    private DateTime Now => context.Time.GetUtcNow().UtcDateTime;

    /// <summary>Why a command cannot be taken; null when it can, and it is remembered then.</summary>
    /// <param name="identity">What is equal in two commands that are the same one.</param>
    /// <param name="sent">When it was sent, UTC.</param>
    /// <param name="expires">From when on it is void; null when only its age counts.</param>
    public string? Problem(object identity, DateTime sent, DateTime? expires = null)
    {
        var now = Now;
        if (now - sent > age) return Text($"it was sent {(now - sent).TotalSeconds:0.0} s ago");
        if (sent - now > ClockTolerance)
            return Text($"it says that it was sent {(sent - now).TotalSeconds:0.0} s from now; a clock is wrong");
        if (expires <= now) return Text($"it expired {(now - expires.Value).TotalSeconds:0.0} s ago");
        lock (gate)
        {
            if (!seen.Add(identity)) return "it came before";
            order.Enqueue(identity);
            if (order.Count > MostRemembered) seen.Remove(order.Dequeue());
            return null;
        }
    }

    /// <summary>Says that a command is refused before the port was asked.</summary>
    public void Refuse(string tag, string reason) => CommandLog.Refused(context.Logger, context.Name, tag, reason);

    /// <summary>Asks the port.</summary>
    public async ValueTask<StatusCode> HandOverAsync(
        TagDefinition tag, TagValue value, string principal, CancellationToken cancellation)
    {
        var request = new CommandRequest(tag.Id, value, origin, principal, Now);
        var status = await context.Commands.RequestAsync(request, cancellation);
        if (status.IsGood) CommandLog.Accepted(context.Logger, context.Name, tag.Name, status.ToString());
        else Refuse(tag.Name, status.ToString());
        return status;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
