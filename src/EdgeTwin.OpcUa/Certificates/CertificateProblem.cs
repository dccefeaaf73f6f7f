using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Certificates;

/// <summary>One reason why a certificate is not accepted.</summary>
/// <param name="Check">The step that failed.</param>
/// <param name="Status">The specification's code for it.</param>
/// <param name="Text">What is wrong and what to do, one sentence.</param>
public sealed record CertificateProblem(CertificateCheck Check, StatusCode Status, string Text);
