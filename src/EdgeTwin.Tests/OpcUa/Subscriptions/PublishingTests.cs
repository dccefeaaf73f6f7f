using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Subscriptions;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.Subscriptions;

/// <summary>When a subscription answers Publish requests, and what it keeps (OPC 10000-4 §5.14.1).</summary>
public sealed class PublishingTests
{
    private readonly SubscriptionRig rig = new();

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NegativeInfinity)]
    public void An_interval_that_is_none_becomes_the_shortest(double interval) =>
        Assert.Equal(10, rig.Session().Subscribe(interval).RevisedPublishingInterval);

    [Theory]
    [InlineData(0u, 0u)]
    [InlineData(10u, 0u)]
    [InlineData(uint.MaxValue, 5u)]
    [InlineData(uint.MaxValue, uint.MaxValue)]
    public void The_lifetime_is_at_least_three_keep_alives(uint keepAlive, uint lifetime)
    {
        var revised = rig.Session().Subscribe(100, keepAlive, lifetime);

        Assert.True(revised.RevisedLifetimeCount >= 3 * (ulong)revised.RevisedMaxKeepAliveCount);
        Assert.True(revised.RevisedMaxKeepAliveCount >= 1);
    }

    [Fact]
    public void The_first_cycle_answers_even_without_data_and_then_every_keep_alive_count()
    {
        var session = rig.Session();
        session.Subscribe(100, keepAlive: 3);
        session.Publish();
        session.Publish();
        rig.Pass(99);
        session.ExpectNothing();

        rig.Pass(1);
        var first = session.Response();
        Assert.Empty(first.NotificationMessage.NotificationData);
        Assert.Equal(1u, first.NotificationMessage.SequenceNumber);
        rig.Pass(299);
        session.ExpectNothing();
        rig.Pass(1);
        session.ExpectKeepAlive();
    }

    [Fact]
    public void A_keep_alive_does_not_use_up_a_sequence_number()
    {
        var session = rig.Session();
        var node = rig.Variable("a");
        var id = session.Subscribe(100, keepAlive: 1).SubscriptionId;
        for (var i = 0; i < 5; i++)
        {
            session.Publish();
        }

        rig.Pass(100);
        Assert.Equal(1u, session.Response().NotificationMessage.SequenceNumber);
        session.Watch(id, node.Id);
        rig.Pass(100);
        Assert.Equal(1u, session.Response().NotificationMessage.SequenceNumber);
        rig.Pass(100);
        Assert.Equal(2u, session.Response().NotificationMessage.SequenceNumber);
        rig.Set(node, 1.0);
        rig.Pass(100);
        Assert.Equal(2u, session.Response().NotificationMessage.SequenceNumber);
    }

    [Fact]
    public void A_change_is_reported_at_the_end_of_the_cycle_with_handle_and_timestamps()
    {
        var session = rig.Session();
        var node = rig.Variable("a");
        var id = session.Subscribe().SubscriptionId;
        session.Watch(id, node.Id, handle: 77);
        session.Publish();
        session.Publish();
        rig.Pass(100);
        Assert.Equal(0.0, Assert.Single(session.Values()));
        rig.Pass(30);
        rig.Set(node, 42.5);
        var changed = rig.Clock.UtcNow;
        session.ExpectNothing();

        rig.Pass(70);

        var change = Assert.Single(session.Changes());
        Assert.Equal(77u, change.ClientHandle);
        Assert.Equal(42.5, change.Value.Value.Get<double>());
        Assert.Equal(changed, change.Value.SourceTimestamp);
        Assert.Equal(changed, change.Value.ServerTimestamp);
        Assert.Equal(0u, change.Value.Status.Value);
    }

    [Fact]
    public void A_late_subscription_answers_the_next_request_at_once()
    {
        var session = rig.Session();
        session.Watch(session.Subscribe().SubscriptionId, rig.Variable("a").Id);
        rig.Pass(500);

        session.Publish();

        Assert.Equal(0.0, Assert.Single(session.Values()));
    }

    [Fact]
    public void More_than_fits_is_told_and_follows_with_the_next_request()
    {
        var session = rig.Session();
        var id = session.Subscribe(most: 2).SubscriptionId;
        for (var i = 0; i < 5; i++)
        {
            session.Watch(id, rig.Variable($"v{i}").Id, handle: (uint)i);
        }

        session.Publish();
        session.Publish();
        rig.Pass(100);

        var (first, second) = (session.Response(), session.Response());
        Assert.True(first.MoreNotifications);
        Assert.True(second.MoreNotifications);
        session.Publish();
        var third = session.Response();
        Assert.False(third.MoreNotifications);
        Assert.Equal([0u, 1u, 2u, 3u, 4u], new[] { first, second, third }
            .SelectMany(static r => TestSession.ChangesOf(r.NotificationMessage)).Select(static c => c.ClientHandle));
    }

    [Fact]
    public void A_response_never_passes_what_the_client_takes()
    {
        var session = rig.Session();
        session.Connection.Limit = 9000;
        var id = session.Subscribe().SubscriptionId;
        for (var i = 0; i < 1000; i++)
        {
            session.Watch(id, rig.Variable($"v{i}").Id, handle: (uint)i);
        }

        var seen = 0;
        rig.Pass(100);
        for (var more = true; more;)
        {
            session.Publish();
            var response = session.Response();
            Assert.InRange(session.Connection.LastLength, 1, 9000);
            seen += TestSession.ChangesOf(response.NotificationMessage).Length;
            more = response.MoreNotifications;
        }

        Assert.Equal(1000, seen);
    }

    [Fact]
    public void A_value_that_fits_no_message_becomes_an_error_and_the_others_go_on()
    {
        var session = rig.Session();
        session.Connection.Limit = 9000;
        var id = session.Subscribe().SubscriptionId;
        var large = rig.Variable("large", NodeIds.String);
        rig.Set(large, new string('x', 20_000));
        session.Watch(id, large.Id, handle: 1);
        session.Watch(id, rig.Variable("small").Id, handle: 2);
        session.Publish();
        session.Publish();

        rig.Pass(100);

        var changes = session.Changes();
        Assert.Equal([1u, 2u], changes.Select(static c => c.ClientHandle));
        Assert.Equal(StatusCodes.BadEncodingLimitsExceeded, changes[0].Value.Status);
        Assert.Equal(0u, changes[1].Value.Status.Value);
    }

    [Fact]
    public void Nothing_but_keep_alives_goes_out_while_publishing_is_disabled()
    {
        var session = rig.Session();
        var node = rig.Variable("a");
        var id = session.Subscribe(keepAlive: 2, enabled: false).SubscriptionId;
        session.Watch(id, node.Id);
        session.Publish();
        session.Publish();
        session.Publish();
        rig.Pass(300);
        session.ExpectKeepAlive();
        session.ExpectKeepAlive();
        session.ExpectNothing();

        Assert.Equal(StatusCodes.Good, SetPublishingMode(session, id, true));
        rig.Pass(100);

        Assert.Equal(0.0, Assert.Single(session.Values()));
    }

    [Fact]
    public void The_lifetime_counts_only_without_requests_and_ends_with_a_status_change()
    {
        var session = rig.Session();
        var id = session.Subscribe(keepAlive: 2, lifetime: 6).SubscriptionId;
        session.Subscribe(1000, keepAlive: 1000, lifetime: 10_000);
        for (var i = 0; i < 6; i++)
        {
            session.Publish();
        }

        // Six requests live for a first answer and keep-alives every second cycle, and the other's first one.
        rig.Pass(1000);
        Assert.NotNull(rig.Manager.Find(session.Session, id));
        while (session.Connection.TryTake() is not null)
        {
        }

        rig.Pass(700);

        Assert.Null(rig.Manager.Find(session.Session, id));
        session.Publish();
        var response = session.Response();
        Assert.Equal(id, response.SubscriptionId);
        var change = Assert.Single(response.NotificationMessage.NotificationData)!.As<StatusChangeNotification>();
        Assert.Equal(StatusCodes.BadTimeout, change!.Status);
    }

    [Fact]
    public void A_service_on_the_subscription_keeps_it_alive()
    {
        var session = rig.Session();
        var id = session.Subscribe(keepAlive: 1, lifetime: 3).SubscriptionId;
        for (var i = 0; i < 5; i++)
        {
            rig.Pass(200);
            SetPublishingMode(session, id, true);
        }

        Assert.NotNull(rig.Manager.Find(session.Session, id));
        rig.Pass(300);
        Assert.Null(rig.Manager.Find(session.Session, id));
    }

    [Fact]
    public void What_was_not_acknowledged_can_be_had_again()
    {
        var session = rig.Session();
        var node = rig.Variable("a");
        var id = session.Subscribe().SubscriptionId;
        session.Watch(id, node.Id);
        session.Publish();
        rig.Pass(100);
        Assert.Equal([1u], session.Response().AvailableSequenceNumbers);
        rig.Set(node, 7.0);
        session.Publish();
        rig.Pass(100);
        Assert.Equal([1u, 2u], session.Response().AvailableSequenceNumbers);

        Assert.Equal(7.0, Assert.Single(TestSession.ChangesOf(Republish(session, id, 2))).Value.Value.Get<double>());
        session.Publish((id, 2), (id, 2), (99, 1), (id, 5));
        rig.Set(node, 8.0);
        rig.Pass(100);

        var response = session.Response();
        Assert.Equal(
            [
                StatusCodes.Good, StatusCodes.BadSequenceNumberUnknown, StatusCodes.BadSubscriptionIdInvalid,
                StatusCodes.BadSequenceNumberUnknown,
            ],
            response.Results.Select(static r => r.Value));
        Assert.Equal([1u, 3u], response.AvailableSequenceNumbers);
        CallRepublish(session, id, 2);
        Assert.Equal(StatusCodes.BadMessageNotAvailable, session.Fault());
        Assert.Equal(StatusCodes.BadSubscriptionIdInvalid,
            Assert.Throws<OpcUaException>(() => CallRepublish(session, id + 1, 1)).Status);
    }

    [Fact]
    public void Messages_that_nobody_acknowledges_are_bounded()
    {
        var small = new SubscriptionRig(new SubscriptionLimits { MaxRetransmissionMessages = 5 });
        var session = small.Session();
        var node = small.Variable("a");
        session.Watch(session.Subscribe().SubscriptionId, node.Id);
        PublishResponse? last = null;
        for (var i = 1; i <= 20; i++)
        {
            small.Set(node, (double)i);
            session.Publish();
            small.Pass(100);
            last = session.Response();
        }

        Assert.Equal([16u, 17u, 18u, 19u, 20u], last!.AvailableSequenceNumbers);
    }

    [Fact]
    public void Sequence_numbers_wrap_to_one() =>
        Assert.Equal([uint.MaxValue, 1u], new[] { uint.MaxValue - 1, uint.MaxValue }.Select(SequenceNumber.After));

    [Fact]
    public void Resending_gives_the_last_values_of_reporting_items_once()
    {
        var session = rig.Session();
        var id = session.Subscribe().SubscriptionId;
        session.Watch(id, rig.Variable("a").Id, handle: 1);
        session.Watch(id, rig.Variable("b").Id, handle: 2, queue: 5);
        session.Watch(id, rig.Variable("c").Id, handle: 3, mode: MonitoringMode.Sampling);
        session.Publish();
        rig.Pass(100);
        session.Changes();

        rig.Manager.Find(id)!.ResendData();
        rig.Manager.Find(id)!.ResendData();
        session.Publish();
        rig.Pass(100);

        Assert.Equal([1u, 2u], session.Changes().Select(static c => c.ClientHandle));
    }

    private static void CallRepublish(SubscriptionRig rig, TestSession session, uint id, uint number)
    {
        using var body = MessageBuffer.Rent(100);
        var writer = new UaWriter(body);
        writer.WriteUInt32(id);
        writer.WriteUInt32(number);
        var reader = new UaReader(body.Written, EncodingLimits.Default);
        rig.Subscriptions.Republish(ref reader, session.Context());
    }

    private void CallRepublish(TestSession session, uint id, uint number) => CallRepublish(rig, session, id, number);

    private NotificationMessage Republish(TestSession session, uint id, uint number)
    {
        CallRepublish(session, id, number);
        return session.Connection.Take<RepublishResponse>().Message.NotificationMessage;
    }

    private StatusCode SetPublishingMode(TestSession session, uint id, bool enabled) =>
        Assert.Single(TestSession.Answer<SetPublishingModeResponse>(rig.Subscriptions.SetPublishingMode(
            new SetPublishingModeRequest { PublishingEnabled = enabled, SubscriptionIds = [id] },
            session.Context())).Results);
}
