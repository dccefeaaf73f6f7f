namespace EdgeTwin.OpcUa.Certificates;

/// <summary>As what a peer shows its certificate.</summary>
public enum CertificateRole
{
    /// <summary>An application that connects to us.</summary>
    Client,

    /// <summary>An application that we connect to.</summary>
    Server,

    /// <summary>A person, by an X.509 identity token.</summary>
    User,
}
