using EdgeTwin.Sources;

namespace EdgeTwin.Tests.Sources;

public class BackOffTests
{
    [Fact]
    public void Waits_double_up_to_the_cap_and_lie_between_half_and_all_of_the_step()
    {
        var backOff = new BackOff(new Random(7));
        var step = BackOff.First;
        for (var i = 0; i < 12; i++)
        {
            Assert.InRange(backOff.Next(), step / 2, step);
            step = step * 2 > BackOff.Cap ? BackOff.Cap : step * 2;
        }

        Assert.Equal(BackOff.Cap, step);
    }

    [Fact]
    public void Two_gateways_do_not_wait_in_step()
    {
        var one = new BackOff(new Random(1));
        var other = new BackOff(new Random(2));
        Assert.NotEqual(one.Next(), other.Next());
    }

    [Fact]
    public void Only_a_connection_that_outlived_the_wait_starts_the_waits_over()
    {
        var backOff = new BackOff(new Random(7));
        for (var i = 0; i < 4; i++) backOff.Next();
        backOff.Delivered(TimeSpan.FromMilliseconds(10));
        Assert.True(backOff.Next() > BackOff.First);
        backOff.Delivered(TimeSpan.FromMinutes(1));
        Assert.True(backOff.Next() <= BackOff.First);
    }
}
