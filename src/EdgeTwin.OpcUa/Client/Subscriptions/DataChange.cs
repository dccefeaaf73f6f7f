using System.Runtime.InteropServices;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Client.Subscriptions;

/// <summary>A new value of an item.</summary>
/// <param name="Item">The item.</param>
/// <param name="Value">The value. An item that the server does not monitor has the reason as its status.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DataChange(ClientItem Item, DataValue Value)
{
    private const uint Overflow = StatusCode.InfoTypeDataValue | StatusCode.OverflowBit;

    /// <summary>Whether the server dropped values of this item for want of queue (OPC 10000-4 §7.39).</summary>
    public bool IsOverflow => (Value.Status.Value & Overflow) == Overflow;
}
