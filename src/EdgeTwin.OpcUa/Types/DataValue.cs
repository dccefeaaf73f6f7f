using System.Runtime.InteropServices;

namespace EdgeTwin.OpcUa.Types;

/// <summary>A value with its quality and times (OPC 10000-4 §7.11).</summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct DataValue
{
    /// <summary>A value with its quality and times.</summary>
    public DataValue(in Variant value, StatusCode status = default, DateTime sourceTimestamp = default,
        DateTime serverTimestamp = default)
    {
        Value = value;
        Status = status;
        SourceTimestamp = sourceTimestamp;
        ServerTimestamp = serverTimestamp;
    }

    /// <summary>A value that could not be had.</summary>
    public DataValue(StatusCode status)
    {
        Status = status;
    }

    /// <summary>The value; null when it could not be had.</summary>
    public Variant Value { get; init; }

    /// <summary>Good travels as absence.</summary>
    public StatusCode Status { get; init; }

    /// <summary>When the source had the value, UTC; default is absent.</summary>
    public DateTime SourceTimestamp { get; init; }

    /// <summary>When the server got it, UTC; default is absent.</summary>
    public DateTime ServerTimestamp { get; init; }

    /// <summary>10 ps units below the tick of the source timestamp, 0-9999.</summary>
    public ushort SourcePicoseconds { get; init; }

    /// <summary>10 ps units below the tick of the server timestamp, 0-9999.</summary>
    public ushort ServerPicoseconds { get; init; }

    /// <summary>The same value and times under another status.</summary>
    public DataValue WithStatus(StatusCode status) => new(Value, status, SourceTimestamp, ServerTimestamp)
    {
        SourcePicoseconds = SourcePicoseconds,
        ServerPicoseconds = ServerPicoseconds,
    };
}
