using System.Security.Cryptography.X509Certificates;

namespace EdgeTwin.OpcUa.Server.Users;

/// <summary>Says who may log on. Possession of the key and the deciphering of passwords are the server's business,
/// not its.</summary>
public interface IUserValidator
{
    /// <summary>Whether the kind of user is offered at the endpoints.</summary>
    bool Offers(UserKind kind);

    /// <summary>Roles of anonymous users; null when they are not let in.</summary>
    UserIdentity? LogOnAnonymous();

    /// <summary>The user when name and password are right, else null; an unknown name takes as long as a wrong
    /// password.</summary>
    UserIdentity? LogOn(string name, ReadOnlySpan<byte> password);

    /// <summary>The user of a certificate, else null; that the client has its key, and that the users' trust folder
    /// knows it, was proved.</summary>
    UserIdentity? LogOn(X509Certificate2 certificate);
}
