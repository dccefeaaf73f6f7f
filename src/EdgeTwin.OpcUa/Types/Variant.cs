using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeTwin.OpcUa.Types;

/// <summary>A value of any built-in type, or an array or matrix of one (OPC 10000-6 §5.2.2.16). Numbers are held
/// without
/// boxing; arrays are the caller's and must not change afterwards.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct Variant
{
    private readonly VariantShape shape;

    private Variant(BuiltInType type, VariantShape shape, long bits, object? reference)
    {
        Type = type;
        this.shape = shape;
        Bits = bits;
        Reference = reference;
    }

    /// <summary>The null value.</summary>
    public static Variant Null => default;

    /// <summary>The built-in type of the value or of its elements; <see cref="BuiltInType.Null"/> when there is
    /// none.</summary>
    public BuiltInType Type { get; }

    /// <summary>True when there is no value.</summary>
    public bool IsNull => Type == BuiltInType.Null;

    /// <summary>True for a value that is neither array nor matrix.</summary>
    public bool IsScalar => shape == VariantShape.Scalar;

    /// <summary>True for an array of one dimension.</summary>
    public bool IsArray => shape == VariantShape.Array;

    /// <summary>The matrix, when it is one.</summary>
    public Matrix? Matrix => shape == VariantShape.Matrix ? (Matrix)Reference! : null;

    /// <summary>The elements of an array or matrix, in row-major order; null for a scalar.</summary>
    public Array? Elements => shape switch
    {
        VariantShape.Array => (Array)Reference!,
        VariantShape.Matrix => ((Matrix)Reference!).Elements,
        _ => null,
    };

    /// <summary>The bits of a numeric, Boolean, DateTime (ticks of <see cref="DateTime"/>) or StatusCode
    /// scalar.</summary>
    internal long Bits { get; }

    /// <summary>The object of every other value.</summary>
    internal object? Reference { get; }

    /// <summary>A scalar of that type.</summary>
    public static implicit operator Variant(bool value) => Number(BuiltInType.Boolean, value ? 1 : 0);

    /// <summary>A scalar of that type.</summary>
    public static implicit operator Variant(sbyte value) => Number(BuiltInType.SByte, value);

    /// <summary>A scalar of that type.</summary>
    public static implicit operator Variant(byte value) => Number(BuiltInType.Byte, value);

    /// <summary>A scalar of that type.</summary>
    public static implicit operator Variant(short value) => Number(BuiltInType.Int16, value);

    /// <summary>A scalar of that type.</summary>
    public static implicit operator Variant(ushort value) => Number(BuiltInType.UInt16, value);

    /// <summary>A scalar of that type.</summary>
    public static implicit operator Variant(int value) => Number(BuiltInType.Int32, value);

    /// <summary>A scalar of that type.</summary>
    public static implicit operator Variant(uint value) => Number(BuiltInType.UInt32, value);

    /// <summary>A scalar of that type.</summary>
    public static implicit operator Variant(long value) => Number(BuiltInType.Int64, value);

    /// <summary>A scalar of that type.</summary>
    public static implicit operator Variant(ulong value) => Number(BuiltInType.UInt64, (long)value);

    /// <summary>A scalar of that type.</summary>
    public static implicit operator Variant(float value) =>
        Number(BuiltInType.Float, BitConverter.SingleToInt32Bits(value));

    /// <summary>A scalar of that type.</summary>
    public static implicit operator Variant(double value) =>
        Number(BuiltInType.Double, BitConverter.DoubleToInt64Bits(value));

    /// <summary>A scalar of that type.</summary>
    public static implicit operator Variant(DateTime value) => Number(BuiltInType.DateTime, value.Ticks);

    /// <summary>A scalar of that type.</summary>
    public static implicit operator Variant(StatusCode value) => Number(BuiltInType.StatusCode, value.Value);

    /// <summary>A scalar of that type.</summary>
    public static implicit operator Variant(string? value) => Object(BuiltInType.String, value);

    /// <summary>A scalar of that type.</summary>
    public static implicit operator Variant(Guid value) => Object(BuiltInType.Guid, value);

    /// <summary>A scalar of that type.</summary>
    public static implicit operator Variant(byte[]? value) => Object(BuiltInType.ByteString, value);

    /// <summary>A scalar of that type.</summary>
    public static implicit operator Variant(XmlElement? value) => Object(BuiltInType.XmlElement, value);

    /// <summary>A scalar of that type.</summary>
    public static implicit operator Variant(NodeId value) => Object(BuiltInType.NodeId, value);

    /// <summary>A scalar of that type.</summary>
    public static implicit operator Variant(ExpandedNodeId value) => Object(BuiltInType.ExpandedNodeId, value);

    /// <summary>A scalar of that type.</summary>
    public static implicit operator Variant(QualifiedName value) => Object(BuiltInType.QualifiedName, value);

    /// <summary>A scalar of that type.</summary>
    public static implicit operator Variant(LocalizedText value) => Object(BuiltInType.LocalizedText, value);

    /// <summary>A scalar of that type.</summary>
    public static implicit operator Variant(ExtensionObject? value) => Object(BuiltInType.ExtensionObject, value);

    /// <summary>A scalar of that type.</summary>
    public static implicit operator Variant(DataValue value) => Object(BuiltInType.DataValue, value);

    /// <summary>A scalar of that type.</summary>
    public static implicit operator Variant(DiagnosticInfo? value) => Object(BuiltInType.DiagnosticInfo, value);

    /// <summary>A structure, in its extension object.</summary>
    public static Variant Of(IStructure value) => new ExtensionObject(value);

    /// <summary>An array of one dimension. A <c>byte[]</c> here is an array of Byte, not a ByteString.</summary>
    /// <exception cref="ArgumentException">The elements are of no built-in type.</exception>
    public static Variant Of(Array elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        return new Variant(BuiltInTypes.OfElements(elements), VariantShape.Array, 0, elements);
    }

    /// <summary>An array of structures.</summary>
    public static Variant OfStructures<T>(IReadOnlyList<T> structures)
        where T : IStructure
    {
        ArgumentNullException.ThrowIfNull(structures);
        var objects = new ExtensionObject[structures.Count];
        for (var i = 0; i < objects.Length; i++)
        {
            objects[i] = new ExtensionObject(structures[i]);
        }

        return Of(objects);
    }

    /// <summary>A matrix.</summary>
    /// <exception cref="ArgumentException">The elements are of no built-in type.</exception>
    public static Variant Of(Matrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        return new Variant(BuiltInTypes.OfElements(matrix.Elements), VariantShape.Matrix, 0, matrix);
    }

    /// <summary>The value when it is exactly a scalar of <typeparamref name="T"/>, or an array
    /// <typeparamref name="T"/>.</summary>
    public bool TryGet<T>(out T value)
    {
        if (Reference is T reference)
        {
            value = reference;
            return true;
        }

        // Each comparison is a constant for the compiler: what is left is one branch.
        value = default!;
        if (typeof(T) == typeof(double))
            return Bit(BuiltInType.Double, BitConverter.Int64BitsToDouble(Bits), ref value);
        if (typeof(T) == typeof(float))
            return Bit(BuiltInType.Float, BitConverter.Int32BitsToSingle((int)Bits), ref value);
        if (typeof(T) == typeof(bool)) return Bit(BuiltInType.Boolean, Bits != 0, ref value);
        if (typeof(T) == typeof(sbyte)) return Bit(BuiltInType.SByte, (sbyte)Bits, ref value);
        if (typeof(T) == typeof(byte)) return Bit(BuiltInType.Byte, (byte)Bits, ref value);
        if (typeof(T) == typeof(short)) return Bit(BuiltInType.Int16, (short)Bits, ref value);
        if (typeof(T) == typeof(ushort)) return Bit(BuiltInType.UInt16, (ushort)Bits, ref value);
        if (typeof(T) == typeof(int)) return Bit(BuiltInType.Int32, (int)Bits, ref value);
        if (typeof(T) == typeof(uint)) return Bit(BuiltInType.UInt32, (uint)Bits, ref value);
        if (typeof(T) == typeof(long)) return Bit(BuiltInType.Int64, Bits, ref value);
        if (typeof(T) == typeof(ulong)) return Bit(BuiltInType.UInt64, (ulong)Bits, ref value);
        if (typeof(T) == typeof(DateTime))
            return Bit(BuiltInType.DateTime, new DateTime(Bits, DateTimeKind.Utc), ref value);
        if (typeof(T) == typeof(StatusCode)) return Bit(BuiltInType.StatusCode, new StatusCode((uint)Bits), ref value);
        return false;
    }

    /// <summary>The value when it is exactly a <typeparamref name="T"/>, else the default.</summary>
    public T? Get<T>() => TryGet<T>(out var value) ? value : default;

    /// <summary>The number of a numeric scalar; false for everything else, Boolean included.</summary>
    public bool TryToDouble(out double number)
    {
        number = Type switch
        {
            BuiltInType.Double => BitConverter.Int64BitsToDouble(Bits),
            BuiltInType.Float => BitConverter.Int32BitsToSingle((int)Bits),
            BuiltInType.UInt64 => (ulong)Bits,
            _ => Bits,
        };
        return IsScalar && Type is >= BuiltInType.SByte and <= BuiltInType.Double;
    }

    /// <summary>The value boxed: a .NET scalar, an array, a <see cref="Types.Matrix"/>, or null.</summary>
    public object? ToObject() => !IsScalar ? Reference : Type switch
    {
        BuiltInType.Null => null,
        BuiltInType.Boolean => Bits != 0,
        BuiltInType.SByte => (sbyte)Bits,
        BuiltInType.Byte => (byte)Bits,
        BuiltInType.Int16 => (short)Bits,
        BuiltInType.UInt16 => (ushort)Bits,
        BuiltInType.Int32 => (int)Bits,
        BuiltInType.UInt32 => (uint)Bits,
        BuiltInType.Int64 => Bits,
        BuiltInType.UInt64 => (ulong)Bits,
        BuiltInType.Float => BitConverter.Int32BitsToSingle((int)Bits),
        BuiltInType.Double => BitConverter.Int64BitsToDouble(Bits),
        BuiltInType.DateTime => new DateTime(Bits, DateTimeKind.Utc),
        BuiltInType.StatusCode => new StatusCode((uint)Bits),
        _ => Reference,
    };

    /// <summary>True when both hold the same value of the same type; NaN is the same as NaN.</summary>
    public bool ValueEquals(in Variant other)
    {
        if (Type != other.Type || shape != other.shape || Bits != other.Bits)
        {
            return false;
        }

        return ReferenceEquals(Reference, other.Reference) || VariantEquality.Same(Reference, other.Reference);
    }

    public override string ToString() => VariantText.Of(this);

    /// <summary>A scalar by its bits, for the decoder.</summary>
    internal static Variant Number(BuiltInType type, long bits) => new(type, VariantShape.Scalar, bits, null);

    /// <summary>A scalar by its object, for the decoder; null becomes the null of that type.</summary>
    internal static Variant Object(BuiltInType type, object? value) => new(type, VariantShape.Scalar, 0, value);

    /// <summary>An array whose element type is known, for the decoder.</summary>
    internal static Variant OfElements(BuiltInType type, Array elements) => new(type, VariantShape.Array, 0, elements);

    private bool Bit<TFrom, TTo>(BuiltInType type, TFrom from, ref TTo to)
    {
        if (Type != type || !IsScalar)
        {
            return false;
        }

        to = Unsafe.As<TFrom, TTo>(ref from);
        return true;
    }
}
