using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Users;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>Who acts on nodes and over what kind of channel: decides what is allowed (OPC 10000-3 §4.9, §5.2.9 to
/// 5.2.11).</summary>
internal readonly struct Caller(UserIdentity user, MessageSecurityMode mode)
{
    private const PermissionType Everything = (PermissionType)0x1_FFFF;

    public UserIdentity User { get; } = user;

    public static Caller Of(RequestContext context) => new(context.User, context.Session.SecurityMode);

    /// <summary>What the user may do with the node; everything when neither node nor namespace says
    /// otherwise.</summary>
    public PermissionType Permissions(Node node)
    {
        var rules = node.RolePermissions ?? node.Space?.DefaultPermissions(node.Id.NamespaceIndex);
        if (rules is null)
        {
            return Everything;
        }

        var allowed = PermissionType.None;
        foreach (var rule in rules)
        {
            if (User.HasAny(WellKnownRoles.Of(rule.RoleId)))
            {
                allowed |= rule.Permissions;
            }
        }

        return allowed;
    }

    public bool May(Node node, PermissionType permission) => (Permissions(node) & permission) == permission;

    /// <summary>True when the channel is as secure as the node asks for.</summary>
    public bool IsSecureEnoughFor(Node node) =>
        node.AccessRestrictions is not { } restrictions || IsEnough(restrictions);

    /// <summary>True when the node may be seen in results of Browse.</summary>
    public bool MayBrowse(Node node) => May(node, PermissionType.Browse)
        && (node.AccessRestrictions is not { } restrictions
            || (restrictions & AccessRestrictionType.ApplyRestrictionsToBrowse) == AccessRestrictionType.None
                || IsEnough(restrictions));

    /// <summary>Good, BadSecurityModeInsufficient or BadUserAccessDenied.</summary>
    public StatusCode Check(Node node, PermissionType permission)
    {
        if (!IsSecureEnoughFor(node))
        {
            return StatusCodes.BadSecurityModeInsufficient;
        }

        return May(node, permission) ? StatusCodes.Good : StatusCodes.BadUserAccessDenied;
    }

    /// <summary>The access level without what the user's permissions do not cover (OPC 10000-3 §5.6.2:
    /// UserAccessLevel).</summary>
    public AccessLevelExType AccessLevel(VariableNode node)
    {
        var permissions = Permissions(node);
        var level = node.AccessLevel;
        if ((permissions & PermissionType.Read) == PermissionType.None)
        {
            level &= ~AccessLevelExType.CurrentRead;
        }

        if ((permissions & PermissionType.Write) == PermissionType.None)
        {
            level &= ~(
                AccessLevelExType.CurrentWrite | AccessLevelExType.StatusWrite | AccessLevelExType.TimestampWrite);
        }

        if ((permissions & PermissionType.ReadHistory) == PermissionType.None)
        {
            level &= ~AccessLevelExType.HistoryRead;
        }

        const PermissionType AnyHistory =
            PermissionType.InsertHistory | PermissionType.ModifyHistory | PermissionType.DeleteHistory;
        return (permissions & AnyHistory) == PermissionType.None ? level & ~AccessLevelExType.HistoryWrite : level;
    }

    private bool IsEnough(AccessRestrictionType restrictions) => mode switch
    {
        MessageSecurityMode.SignAndEncrypt => true,
        MessageSecurityMode.Sign =>
            (restrictions & AccessRestrictionType.EncryptionRequired) == AccessRestrictionType.None,
        _ => (restrictions & (AccessRestrictionType.SigningRequired | AccessRestrictionType.EncryptionRequired))
            == AccessRestrictionType.None,
    };
}
