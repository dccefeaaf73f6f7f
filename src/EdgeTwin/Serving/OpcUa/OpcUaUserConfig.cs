using EdgeTwin.Tags;

namespace EdgeTwin.Serving.OpcUa;

/// <summary>Somebody who may log in with a password.</summary>
internal sealed record OpcUaUserConfig
{
    /// <summary>Password, by reference only: <c>env:NAME</c> or <c>file:PATH</c>.</summary>
    public required SecretReference Password { get; init; }

    /// <summary>What the user may do.</summary>
    public OpcUaRole Role { get; init; } = OpcUaRole.Observer;
}
