using EdgeTwin.Tags;

namespace EdgeTwin.Serving.OpcUa;

/// <summary>Somebody who may log in, with a password or a certificate.</summary>
internal sealed record OpcUaUserConfig : IConfigCheck
{
    /// <summary>Password, by reference only: <c>env:NAME</c> or <c>file:PATH</c>.</summary>
    public SecretReference? Password { get; init; }

    /// <summary>The user's certificate, which is in the folder <c>users/trusted/certs</c> of <c>pki</c>: its thumbprint
    /// (SHA-1 or SHA-256, in hexadecimal) or its subject, such as <c>CN=jane, O=Acme</c>.</summary>
    public string? Certificate { get; init; }

    /// <summary>What the user may do.</summary>
    public OpcUaRole Role { get; init; } = OpcUaRole.Observer;

    /// <inheritdoc/>
    public IEnumerable<(string Key, string Message)> Check()
    {
        if (Password is not null && Certificate is not null)
            yield return ("certificate", "a user has a 'password' or a 'certificate'; make two users of it");
        if (Certificate is { } text && UserCertificate.ProblemWith(text) is { } problem)
            yield return ("certificate", problem);
    }
}
