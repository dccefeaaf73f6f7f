using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Subscriptions;
using EdgeTwin.OpcUa.Server.Users;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Tests.OpcUa.Subscriptions;

/// <summary>Publish requests that wait, and to which subscription they go; sessions that end or hand over.</summary>
public sealed class PublishQueueTests
{
    private readonly SubscriptionRig rig = new(new SubscriptionLimits { MaxPublishRequests = 3 });

    [Fact]
    public void Without_a_subscription_a_publish_fails_at_once()
    {
        var session = rig.Session();

        session.Publish();

        Assert.Equal(StatusCodes.BadNoSubscription, session.Fault());
    }

    [Fact]
    public void Requests_that_wait_fail_when_the_last_subscription_goes()
    {
        var session = rig.Session();
        var id = session.Subscribe().SubscriptionId;
        session.Publish();
        session.Publish();

        Delete(session, id);

        Assert.Equal(StatusCodes.BadNoSubscription, session.Fault());
        Assert.Equal(StatusCodes.BadNoSubscription, session.Fault());
    }

    [Fact]
    public void Too_many_requests_push_out_the_oldest()
    {
        var session = rig.Session();
        session.Subscribe();
        var oldest = session.Publish();
        session.Publish();
        session.Publish();
        session.ExpectNothing();

        session.Publish();

        var (id, fault) = session.Connection.Take<ServiceFault>();
        Assert.Equal((oldest, StatusCodes.BadTooManyPublishRequests), (id, fault.ResponseHeader.ServiceResult.Value));
        session.ExpectNothing();
    }

    [Fact]
    public void A_request_whose_client_waits_no_longer_times_out()
    {
        var session = rig.Session();
        session.Subscribe(10_000);
        session.Publish(1500, []);
        session.Publish();

        rig.Pass(4000);

        Assert.Equal(StatusCodes.BadTimeout, session.Fault());
        session.ExpectNothing();
    }

    [Fact]
    public void Requests_can_be_cancelled()
    {
        var session = rig.Session();
        session.Subscribe();
        var request = session.Publish();
        session.Publish();

        Assert.Equal(1, rig.Manager.Of(session.Session).Cancel(request));

        Assert.Equal(StatusCodes.BadRequestCancelledByClient, session.Fault());
        session.ExpectNothing();
    }

    [Fact]
    public void The_highest_priority_goes_first_and_equal_ones_in_turn()
    {
        var session = rig.Session();
        var low = session.Subscribe(priority: 1).SubscriptionId;
        var high = session.Subscribe(priority: 200).SubscriptionId;
        var second = session.Subscribe(priority: 1).SubscriptionId;
        foreach (var id in new[] { low, high, second })
        {
            session.Watch(id, rig.Variable($"of {id}").Id);
        }

        rig.Pass(100);
        var order = new List<uint>();
        for (var i = 0; i < 3; i++)
        {
            session.Publish();
            order.Add(session.Response().SubscriptionId);
        }

        Assert.Equal([high, low, second], order);
    }

    [Fact]
    public void Of_those_due_together_the_highest_priority_gets_the_only_request()
    {
        var session = rig.Session();
        var low = session.Subscribe(priority: 1).SubscriptionId;
        var high = session.Subscribe(priority: 2).SubscriptionId;
        session.Publish();

        rig.Pass(100);

        Assert.Equal(high, session.Response().SubscriptionId);
        session.ExpectNothing();
        session.Publish();
        Assert.Equal(low, session.Response().SubscriptionId);
    }

    [Fact]
    public void A_congested_connection_gets_nothing_more_until_it_reads()
    {
        var session = rig.Session();
        var node = rig.Variable("a");
        session.Watch(session.Subscribe().SubscriptionId, node.Id, queue: 5);
        session.Connection.IsCongested = true;
        session.Publish();
        rig.Pass(100);
        rig.Set(node, 1.0);
        rig.Pass(200);
        session.ExpectNothing();

        session.Connection.IsCongested = false;
        rig.Pass(100);

        Assert.Equal([0.0, 1.0], session.Values());
    }

    [Fact]
    public void Requests_of_a_lost_connection_take_nothing_along()
    {
        var session = rig.Session();
        session.Watch(session.Subscribe().SubscriptionId, rig.Variable("a").Id);
        session.Publish();
        session.Session.Connection = null;

        rig.Pass(300);

        session.ExpectNothing();
        session.Session.Connection = session.Connection;
        session.Publish();
        Assert.Equal([0.0], session.Values());
    }

    [Fact]
    public void Another_user_of_the_session_sees_what_it_may()
    {
        var session = rig.Session();
        var node = rig.Variable("a");
        node.RolePermissions =
        [
            new RolePermissionType
            {
                RoleId = NodeIds.WellKnownRole_AuthenticatedUser,
                Permissions = PermissionType.Browse | PermissionType.Read,
            },
        ];
        session.Watch(session.Subscribe().SubscriptionId, node.Id);
        session.Publish();
        rig.Pass(100);
        Assert.Equal([0.0], session.Values());
        rig.Set(node, 1.0);

        session.Session.User = UserIdentity.Anonymous;
        rig.Manager.OnSessionActivated(session.Session, first: false);
        rig.Set(node, 2.0);
        session.Publish();
        rig.Pass(100);

        var change = Assert.Single(session.Changes());
        Assert.Equal(StatusCodes.BadUserAccessDenied, change.Value.Status);
        Assert.True(change.Value.Value.IsNull);
    }

    [Fact]
    public void Subscriptions_survive_a_session_and_go_to_another_of_the_same_user()
    {
        var session = rig.Session();
        var node = rig.Variable("a");
        var id = session.Subscribe(lifetime: 100).SubscriptionId;
        session.Watch(id, node.Id);
        session.Publish();
        rig.Pass(100);
        session.Response();
        rig.Manager.OnSessionClosed(session.Session, deleteSubscriptions: false, StatusCodes.BadTimeout);
        rig.Set(node, 5.0);
        rig.Pass(1000);

        var next = rig.Session();
        var result = Transfer(next, id);

        Assert.Equal(StatusCodes.Good, result.StatusCode);
        Assert.Equal([1u], result.AvailableSequenceNumbers);
        next.Publish();
        Assert.Equal([5.0], next.Values());
    }

    [Fact]
    public void Without_a_session_a_subscription_lives_as_long_as_its_lifetime()
    {
        var session = rig.Session();
        var id = session.Subscribe(keepAlive: 1, lifetime: 10).SubscriptionId;
        session.Watch(id, rig.Variable("a").Id);
        rig.Manager.OnSessionClosed(session.Session, deleteSubscriptions: false, StatusCodes.BadTimeout);

        rig.Pass(900);
        Assert.NotNull(rig.Manager.Find(id));
        rig.Pass(100);

        Assert.Null(rig.Manager.Find(id));
        Assert.Equal(0, rig.Manager.ItemCount);
    }

    [Fact]
    public void Closing_a_session_with_its_subscriptions_ends_them_and_answers_what_waits()
    {
        var session = rig.Session();
        var node = rig.Variable("a");
        session.Watch(session.Subscribe().SubscriptionId, node.Id);
        session.Publish();

        rig.Manager.OnSessionClosed(session.Session, deleteSubscriptions: true, StatusCodes.Good);

        Assert.Equal(StatusCodes.BadSessionClosed, session.Fault());
        Assert.False(node.IsWatched);
        Assert.Equal(0, rig.Manager.Count);
    }

    [Fact]
    public void A_transfer_tells_the_old_session_and_can_send_the_values_again()
    {
        var (old, next) = (rig.Session(), rig.Session());
        var node = rig.Variable("a");
        var id = old.Subscribe().SubscriptionId;
        old.Watch(id, node.Id);
        old.Publish();
        rig.Pass(100);
        old.Values();
        old.Publish();

        Assert.Equal(StatusCodes.Good, Transfer(next, id, sendInitialValues: true).StatusCode);

        var told = old.Response();
        Assert.Equal(id, told.SubscriptionId);
        Assert.Equal(StatusCodes.GoodSubscriptionTransferred,
            Assert.Single(told.NotificationMessage.NotificationData)!.As<StatusChangeNotification>()!.Status);
        old.Publish();
        Assert.Equal(StatusCodes.BadNoSubscription, old.Fault());
        next.Publish();
        rig.Pass(100);
        Assert.Equal([0.0], next.Values());
        Assert.Null(rig.Manager.Find(old.Session, id));
    }

    [Fact]
    public void Only_the_same_user_may_take_a_subscription_over()
    {
        var owner = rig.Session();
        var id = owner.Subscribe().SubscriptionId;
        var other = rig.Session(new UserIdentity(UserKind.UserName, "other", Roles.AuthenticatedUser));
        var anonymous = rig.Session(UserIdentity.Anonymous, mode: MessageSecurityMode.SignAndEncrypt);

        Assert.Equal(StatusCodes.BadUserAccessDenied, Transfer(other, id).StatusCode);
        Assert.Equal(StatusCodes.BadUserAccessDenied, Transfer(anonymous, id).StatusCode);
        Assert.Equal(StatusCodes.BadSubscriptionIdInvalid, Transfer(owner, id + 1).StatusCode);
        Assert.NotNull(rig.Manager.Find(owner.Session, id));
    }

    [Theory]
    [InlineData(MessageSecurityMode.Sign, MessageSecurityMode.SignAndEncrypt, "urn:a", true)]
    [InlineData(MessageSecurityMode.Sign, MessageSecurityMode.Sign, "urn:b", false)]
    [InlineData(MessageSecurityMode.None, MessageSecurityMode.None, "urn:a", false)]
    [InlineData(MessageSecurityMode.Sign, MessageSecurityMode.None, "urn:a", false)]
    public void Anonymous_users_must_be_the_same_application_on_secured_channels(
        MessageSecurityMode first, MessageSecurityMode second, string application, bool allowed)
    {
        var owner = rig.Session(UserIdentity.Anonymous, "urn:a", first);
        var id = owner.Subscribe().SubscriptionId;

        var status = Transfer(rig.Session(UserIdentity.Anonymous, application, second), id).StatusCode;

        Assert.Equal(allowed ? StatusCodes.Good : StatusCodes.BadUserAccessDenied, status.Value);
    }

    [Fact]
    public void Another_sessions_subscription_is_unknown_to_every_service()
    {
        var id = rig.Session().Subscribe().SubscriptionId;
        var stranger = rig.Session();
        stranger.Subscribe();

        Assert.Equal([StatusCodes.BadSubscriptionIdInvalid], Delete(stranger, id));
        stranger.Publish((id, 1));
        rig.Pass(100);
        Assert.Equal(StatusCodes.BadSubscriptionIdInvalid, Assert.Single(stranger.Response().Results));
    }

    private IEnumerable<uint> Delete(TestSession session, uint id) =>
        TestSession.Answer<DeleteSubscriptionsResponse>(rig.Subscriptions.Delete(
            new DeleteSubscriptionsRequest { SubscriptionIds = [id] },
            session.Context())).Results.Select(static r => r.Value);

    private TransferResult Transfer(TestSession session, uint id, bool sendInitialValues = false) =>
        Assert.Single(TestSession.Answer<TransferSubscriptionsResponse>(rig.Subscriptions.Transfer(
            new TransferSubscriptionsRequest { SubscriptionIds = [id], SendInitialValues = sendInitialValues },
            session.Context())).Results);
}
