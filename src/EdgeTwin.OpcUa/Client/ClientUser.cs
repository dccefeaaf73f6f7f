namespace EdgeTwin.OpcUa.Client;

/// <summary>Who the session is for: <see cref="AnonymousUser"/>, <see cref="PasswordUser"/> or
/// <see cref="CertificateUser"/>.</summary>
public abstract record ClientUser
{
    private protected ClientUser()
    {
    }

    /// <summary>Nobody in particular.</summary>
    public static ClientUser Anonymous { get; } = new AnonymousUser();
}
