namespace EdgeTwin.Tags;

/// <summary>Where a secret is found, never the secret itself: <c>env:NAME</c> or <c>file:PATH</c>.</summary>
internal sealed record SecretReference(SecretKind Kind, string Name)
{
    public override string ToString() => $"{(Kind == SecretKind.Environment ? "env" : "file")}:{Name}";
}
