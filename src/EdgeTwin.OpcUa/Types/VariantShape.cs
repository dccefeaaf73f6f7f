namespace EdgeTwin.OpcUa.Types;

/// <summary>What a variant holds.</summary>
internal enum VariantShape : byte
{
    Scalar,
    Array,
    Matrix,
}
