using EdgeTwin.Tests.Support;
using EdgeTwin.Upstream;

namespace EdgeTwin.Tests.Upstream;

public class MessageLimitTests
{
    private const int Unsaid = int.MaxValue;
    private readonly ManualTimeProvider clock = new();

    [Fact]
    public void What_the_broker_says_is_split_or_refused_at_once()
    {
        var limit = new MessageLimit(clock);
        Assert.Equal(SizeVerdict.Send, limit.Judge(1000, 1000, canSplit: true, isQuiet: false));
        Assert.Equal(SizeVerdict.Split, limit.Judge(1001, 1000, canSplit: true, isQuiet: false));
        Assert.Equal(SizeVerdict.Refuse, limit.Judge(1001, 1000, canSplit: false, isQuiet: false));
    }

    [Fact]
    public void A_suspicion_makes_messages_smaller_and_refuses_only_what_failed_alone_several_times()
    {
        var limit = new MessageLimit(clock);
        limit.Alive();
        limit.Failed(100_000, wasAlone: false);
        Assert.Equal(SizeVerdict.Split, limit.Judge(60_000, Unsaid, canSplit: true, isQuiet: true));
        Assert.Equal(SizeVerdict.Wait, limit.Judge(60_000, Unsaid, canSplit: false, isQuiet: false));
        for (var strike = 0; strike < MessageLimit.Strikes; strike++)
        {
            Assert.Equal(SizeVerdict.Send, limit.Judge(60_000, Unsaid, canSplit: false, isQuiet: true));
            limit.Failed(60_000, wasAlone: true);
        }

        Assert.Equal(SizeVerdict.Refuse, limit.Judge(60_000, Unsaid, canSplit: false, isQuiet: true));
        clock.Advance(TimeSpan.FromHours(25)); // the broker may have another limit by now
        Assert.Equal(SizeVerdict.Send, limit.Judge(60_000, Unsaid, canSplit: false, isQuiet: false));
    }

    [Fact]
    public void A_birth_is_never_refused_and_does_not_clear_what_failed_alone()
    {
        var limit = new MessageLimit(clock);
        limit.IndispensableFailed(20_000);
        Assert.Equal(10_000, limit.Most(Unsaid)); // what can be left out of it is, and data are smaller
        limit.IndispensablePassed(9_000);
        for (var strike = 0; strike < MessageLimit.Strikes; strike++)
        {
            limit.IndispensablePassed(9_000); // each connection has one
            limit.Failed(30_000, wasAlone: true);
        }
        Assert.Equal(SizeVerdict.Refuse, limit.Judge(30_000, Unsaid, canSplit: false, isQuiet: true));
        Assert.Equal(SizeVerdict.Send, limit.Judge(9_000, Unsaid, canSplit: true, isQuiet: true));
    }

    [Fact]
    public void A_broker_that_never_took_anything_refuses_no_size()
    {
        var limit = new MessageLimit(clock);
        for (var i = 0; i < 100; i++) limit.Failed(60_000, wasAlone: true);
        Assert.Equal(SizeVerdict.Send, limit.Judge(60_000, Unsaid, canSplit: false, isQuiet: true));
        Assert.Equal(SizeVerdict.Send, limit.Judge(MessageLimit.Least, Unsaid, canSplit: true, isQuiet: false));
    }

    [Fact]
    public void A_size_that_passed_is_not_suspected()
    {
        var limit = new MessageLimit(clock);
        limit.Passed(50_000);
        limit.Failed(60_000, wasAlone: false);
        Assert.Equal(SizeVerdict.Send, limit.Judge(50_000, Unsaid, canSplit: true, isQuiet: false));
        limit.Passed(60_000); // the network was the reason
        Assert.Equal(SizeVerdict.Send, limit.Judge(1_000_000, Unsaid, canSplit: true, isQuiet: false));
    }
}
