namespace EdgeTwin.OpcUa.Types;

/// <summary>A fragment of XML, carried as text and never parsed (OPC 10000-6 §5.2.2.8).</summary>
/// <param name="Text">The fragment.</param>
public sealed record XmlElement(string Text)
{
    public override string ToString() => Text;
}
