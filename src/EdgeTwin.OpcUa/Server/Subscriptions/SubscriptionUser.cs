using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Sessions;
using EdgeTwin.OpcUa.Server.Users;

namespace EdgeTwin.OpcUa.Server.Subscriptions;

/// <summary>Whose a subscription is, which outlives the session that made it.</summary>
/// <param name="User">Kind and name of the user.</param>
/// <param name="ApplicationUri">The client application.</param>
/// <param name="IsProven">The channel was signed: the application is the one that it says.</param>
internal sealed record SubscriptionUser(UserIdentity User, string ApplicationUri, bool IsProven)
{
    public static SubscriptionUser Of(Session session) => new(session.User, session.Client.ApplicationUri ?? "",
        session.SecurityMode is MessageSecurityMode.Sign or MessageSecurityMode.SignAndEncrypt);

    /// <summary>May <paramref name="other"/> take over what is this one's? The same user; anonymous ones only as the
    /// same application on a secured channel (OPC 10000-4 §5.14.7).</summary>
    public bool MayPassTo(SubscriptionUser other)
    {
        if (User.Kind != other.User.Kind)
        {
            return false;
        }

        return User.Kind == UserKind.Anonymous
            ? IsProven && other.IsProven
                && string.Equals(ApplicationUri, other.ApplicationUri, StringComparison.Ordinal)
            : string.Equals(User.Name, other.User.Name, StringComparison.Ordinal);
    }
}
