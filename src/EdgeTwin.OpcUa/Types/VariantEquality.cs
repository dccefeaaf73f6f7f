namespace EdgeTwin.OpcUa.Types;

/// <summary>Compares what variants refer to.</summary>
internal static class VariantEquality
{
    public static bool Same(object? left, object? right) => (left, right) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        (string a, string b) => string.Equals(a, b, StringComparison.Ordinal),
        (Matrix a, Matrix b) => a.Dimensions.AsSpan().SequenceEqual(b.Dimensions) && Same(a.Elements, b.Elements),
        (double[] a, double[] b) => a.AsSpan().SequenceEqual(b),
        (Array a, Array b) => SameElements(a, b),
        (ExtensionObject a, ExtensionObject b) => SameStructure(a, b),
        (DataValue a, DataValue b) => a.Status == b.Status && a.SourceTimestamp == b.SourceTimestamp
            && a.ServerTimestamp == b.ServerTimestamp && a.Value.ValueEquals(b.Value),
        (Variant a, Variant b) => a.ValueEquals(b),
        _ => left.Equals(right),
    };

    private static bool SameElements(Array left, Array right)
    {
        if (left.Length != right.Length || left.GetType() != right.GetType())
        {
            return false;
        }

        for (var i = 0; i < left.Length; i++)
        {
            if (!Same(left.GetValue(i), right.GetValue(i)))
            {
                return false;
            }
        }

        return true;
    }

    // Structures have no equality of their own: what they would send decides.
    private static bool SameStructure(ExtensionObject left, ExtensionObject right)
    {
        if (left.TypeId != right.TypeId)
        {
            return false;
        }

        if (left.Body is not IStructure a || right.Body is not IStructure b)
        {
            return Same(left.Body, right.Body);
        }

        using var first = Encoding.MessageBuffer.Rent(int.MaxValue);
        using var second = Encoding.MessageBuffer.Rent(int.MaxValue);
        var writer = new Encoding.UaWriter(first);
        a.Encode(ref writer);
        writer = new Encoding.UaWriter(second);
        b.Encode(ref writer);
        return first.Written.SequenceEqual(second.Written);
    }
}
