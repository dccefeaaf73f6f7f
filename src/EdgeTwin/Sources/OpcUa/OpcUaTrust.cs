namespace EdgeTwin.Sources.OpcUa;

/// <summary>Which servers are believed to be who they say they are.</summary>
internal enum OpcUaTrust
{
    /// <summary>Those whose certificate, or its issuer, is in the folders of <c>pki</c>.</summary>
    Pki,

    /// <summary>Every one, also whoever stands between. For a bench, not for a plant.</summary>
    InsecureAny,
}
