namespace EdgeTwin.OpcUa.Certificates;

/// <summary>The steps of validating a certificate, in their order (OPC 10000-4 §6.1.3, table of the steps).</summary>
public enum CertificateCheck
{
    /// <summary>It is a certificate, and understood.</summary>
    Structure,

    /// <summary>Its chain leads to an authority at the top.</summary>
    Chain,

    /// <summary>Every signature of the chain holds.</summary>
    Signature,

    /// <summary>Keys and algorithms are strong enough.</summary>
    Policy,

    /// <summary>It, or an authority of its chain, is trusted.</summary>
    Trust,

    /// <summary>It is valid now, and so is its chain.</summary>
    Time,

    /// <summary>It names the host that was dialled.</summary>
    HostName,

    /// <summary>It names the application that sent it.</summary>
    ApplicationUri,

    /// <summary>It may be used for what it is used for, and its authorities may issue.</summary>
    Use,

    /// <summary>There is a revocation list of every authority.</summary>
    RevocationList,

    /// <summary>It is not revoked, nor an authority of its chain.</summary>
    Revocation,
}
