using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>A node of the address space: what all node classes have (OPC 10000-3 §5.2). Attributes may be read by any
/// thread; the references belong to the <see cref="AddressSpace"/>.</summary>
public abstract class Node
{
    // Watching other attributes than the value is rare: one lock for all nodes.
    private static readonly Lock WatchersGate = new();
    private Reference[] references = [];
    private NodeExtras? extras;
    private LocalizedText displayName;

    private protected Node(NodeId id, QualifiedName browseName)
    {
        if (id.IsNull)
        {
            throw new ArgumentException($"node '{browseName}' needs an id that is not null", nameof(id));
        }

        Id = id;
        BrowseName = browseName;
        displayName = browseName.Name;
        Hash = NodeTable.HashOf(id);
    }

    /// <summary>The id; never changes.</summary>
    public NodeId Id { get; }

    /// <summary>What kind of node this is.</summary>
    public abstract NodeClass NodeClass { get; }

    /// <summary>The name within its parent, for programs; never changes.</summary>
    public QualifiedName BrowseName { get; }

    /// <summary>The name for people; by default the browse name's.</summary>
    public LocalizedText DisplayName
    {
        get => displayName;
        set
        {
            displayName = value;
            OnAttributeChanged(AttributeIds.DisplayName);
        }
    }

    /// <summary>What the node is, in a sentence; the null text when not said.</summary>
    public LocalizedText Description
    {
        get => extras?.Description ?? default;
        set
        {
            if (value != Description)
            {
                Extras.Description = value;
                OnAttributeChanged(AttributeIds.Description);
            }
        }
    }

    /// <summary>Attributes that a client may write, the value aside; default none.</summary>
    public AttributeWriteMask WriteMask
    {
        get => extras?.WriteMask ?? AttributeWriteMask.None;
        set
        {
            if (value != WriteMask)
            {
                Extras.WriteMask = value;
                OnAttributeChanged(AttributeIds.WriteMask);
            }
        }
    }

    /// <summary>What each role may do here; null takes the default of the namespace, and that is everything when it has
    /// none.</summary>
    public RolePermissionType[]? RolePermissions
    {
        get => extras?.RolePermissions;
        set
        {
            if (value is not null || extras is not null)
            {
                Extras.RolePermissions = value;
                OnAttributeChanged(AttributeIds.RolePermissions);
            }
        }
    }

    /// <summary>Whether the node needs a signed or encrypted channel; null takes the default of the
    /// namespace.</summary>
    public AccessRestrictionType? AccessRestrictions
    {
        get => extras?.AccessRestrictions;
        set
        {
            if (value is not null || extras is not null)
            {
                Extras.AccessRestrictions = value;
                OnAttributeChanged(AttributeIds.AccessRestrictions);
            }
        }
    }

    /// <summary>The references in both directions; the inverse of HasTypeDefinition and HasModellingRule is not
    /// kept.</summary>
    public ReferenceList References => new(Slots);

    /// <summary>The space that the node is in; null before it is added and after it was removed.</summary>
    public AddressSpace? Space { get; internal set; }

    /// <summary>The type of an object or variable; null when it has none.</summary>
    public Node? TypeDefinition
    {
        get
        {
            foreach (var reference in References)
            {
                if (reference.Is(NodeIds.HasTypeDefinition))
                {
                    return reference.Target;
                }
            }

            return null;
        }
    }

    internal int Hash { get; }

    /// <summary>The references as they are now, for a reader that comes back to them.</summary>
    internal Reference[] Slots => Volatile.Read(ref references);

    private NodeExtras Extras
    {
        get
        {
            if (extras is null)
            {
                Interlocked.CompareExchange(ref extras, new NodeExtras(), null);
            }

            return extras;
        }
    }

    public override int GetHashCode() => Hash;

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    /// <summary>The class, the id and the name, for logs.</summary>
    public override string ToString() => $"{NodeClass} {Id} '{BrowseName}'";

    internal void AddReference(ReferenceKind kind, Node target) =>
        ReferenceSlots.Append(ref references, new Reference(kind, target));

    internal bool RemoveReference(ReferenceKind kind, Node target) =>
        ReferenceSlots.Remove(ref references, kind, target);

    internal void RemoveReferencesTo(HashSet<Node> gone) => ReferenceSlots.RemoveTargets(ref references, gone);

    internal bool HasReference(ReferenceKind kind, Node target)
    {
        foreach (var reference in References)
        {
            if (ReferenceEquals(reference.Kind, kind) && ReferenceEquals(reference.Target, target))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Tells <paramref name="watcher"/> of changes in attributes other than Value.</summary>
    internal void WatchAttributes(IAttributeWatcher watcher)
    {
        lock (WatchersGate)
        {
            Extras.Watchers = [.. Extras.Watchers, watcher];
        }
    }

    internal void UnwatchAttributes(IAttributeWatcher watcher)
    {
        lock (WatchersGate)
        {
            Extras.Watchers = Array.FindAll(Extras.Watchers, w => !ReferenceEquals(w, watcher));
        }
    }

    /// <summary>The node left the space: watchers hear of it.</summary>
    internal virtual void OnRemoved()
    {
        foreach (var watcher in extras?.Watchers ?? [])
        {
            watcher.OnAttribute(this, AttributeIds.NodeId);
        }
    }

    private protected void OnAttributeChanged(uint attributeId)
    {
        foreach (var watcher in extras?.Watchers ?? [])
        {
            watcher.OnAttribute(this, attributeId);
        }
    }
}
