using System.Globalization;
using EdgeTwin.OpcUa.Encoding;
using EdgeTwin.OpcUa.NodeSets;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Events;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Nodes;

/// <summary>The nodes of a server and their references (OPC 10000-3 §4). Any number of threads read while one at a time
/// changes the structure; readers never wait.</summary>
public sealed class AddressSpace : IDisposable
{
    private readonly NodeTable nodes = new();
    private readonly Lock gate = new();
    private ModelChangeLog log = new();
    private readonly TimeProvider time;
    private int openChanges;
    private long modelVersion;
    private RolePermissionType[]?[] defaultPermissions = [];

    /// <summary>A space without a node; load namespace 0 first.</summary>
    /// <param name="time">Clock of the model-change events and of sampling.</param>
    public AddressSpace(TimeProvider time)
    {
        this.time = time;
        Sampler = new ValueSampler(time);
    }

    /// <summary>The namespaces of the server.</summary>
    public NamespaceTable Namespaces { get; } = new();

    /// <summary>Number of nodes.</summary>
    public int Count => nodes.Count;

    /// <summary>All nodes, in no order.</summary>
    public IEnumerable<Node> Nodes => nodes.All();

    /// <summary>Gets the model-change events; null (the default, while the space is being filled) tells
    /// nobody.</summary>
    public IEventSink? Events { get; set; }

    /// <summary>Samples the computed variables that somebody watches.</summary>
    internal ValueSampler Sampler { get; }

    /// <summary>The node with that id; null when there is none.</summary>
    public Node? Find(NodeId id) => nodes.Find(id);

    /// <summary>The node with that id.</summary>
    /// <exception cref="ArgumentException">There is none, or it is no <typeparamref name="T"/>.</exception>
    public T Get<T>(NodeId id)
        where T : Node => nodes.Find(id) switch
        {
            T node => node,
            null => throw new ArgumentException($"there is no node {id}", nameof(id)),
            var other => throw new ArgumentException($"{other} is no {typeof(T).Name}", nameof(id)),
        };

    /// <summary>Puts a node below another.</summary>
    /// <param name="node">The node; new to the space.</param>
    /// <param name="parent">What it is put below.</param>
    /// <param name="referenceType">How: HasComponent, HasProperty, Organizes, HasSubtype …</param>
    /// <param name="typeDefinition">Type of an object or variable; by default BaseObjectType, BaseDataVariableType, or
    /// PropertyType for a variable below HasProperty.</param>
    /// <returns>The node.</returns>
    /// <exception cref="ArgumentException">The id is taken, or parent or types are not there.</exception>
    public T Add<T>(T node, NodeId parent, NodeId referenceType, NodeId typeDefinition = default)
        where T : Node
    {
        lock (gate)
        {
            var above = Get<Node>(parent);
            var kind = Get<ReferenceTypeNode>(referenceType);
            var type = typeDefinition.IsNull ? DefaultType(node, referenceType) : typeDefinition;
            var definition = type.IsNull ? null : Get<TypeNode>(type);
            AddUnlinked(node);
            if (definition is not null)
            {
                ReferenceLink.Make(node, Get<ReferenceTypeNode>(NodeIds.HasTypeDefinition), definition);
            }

            ReferenceLink.Make(above, kind, node);
            log.Add(above, ModelChangeStructureVerbMask.ReferenceAdded);
        }

        EndIfSingle();
        return node;
    }

    /// <summary>Puts a node into the space without any reference; the caller adds them.</summary>
    /// <exception cref="ArgumentException">The id is taken.</exception>
    public void Add(Node node)
    {
        lock (gate)
        {
            AddUnlinked(node);
        }

        EndIfSingle();
    }

    /// <summary>Adds a reference, seen from both ends.</summary>
    /// <returns>False when it was there already.</returns>
    /// <exception cref="ArgumentException">One of the nodes is not there.</exception>
    public bool AddReference(NodeId source, NodeId referenceType, NodeId target)
    {
        lock (gate)
        {
            var from = Get<Node>(source);
            if (!ReferenceLink.Make(from, Get<ReferenceTypeNode>(referenceType), Get<Node>(target)))
            {
                return false;
            }

            log.Add(from, ModelChangeStructureVerbMask.ReferenceAdded);
        }

        EndIfSingle();
        return true;
    }

    /// <summary>Takes a reference away, at both ends.</summary>
    /// <returns>False when it was not there.</returns>
    public bool RemoveReference(NodeId source, NodeId referenceType, NodeId target)
    {
        lock (gate)
        {
            if (nodes.Find(source) is not { } from || nodes.Find(target) is not { } to
                || nodes.Find(referenceType) is not ReferenceTypeNode type || !from.RemoveReference(type.Forward, to))
            {
                return false;
            }

            to.RemoveReference(type.Inverse, from);
            if (type.Id == NodeIds.HasSubtype && to is TypeNode subtype && ReferenceEquals(subtype.SuperType, from))
            {
                subtype.SuperType = null;
            }

            log.Add(from, ModelChangeStructureVerbMask.ReferenceDeleted);
        }

        EndIfSingle();
        return true;
    }

    /// <summary>Takes a node out, and what hangs below it and nowhere else.</summary>
    /// <returns>Number of nodes that went.</returns>
    public int Remove(NodeId id)
    {
        HashSet<Node> gone;
        lock (gate)
        {
            if (nodes.Find(id) is not { } root)
            {
                return 0;
            }

            gone = Subtree.Of(root);
            foreach (var parent in Subtree.Neighbours(gone))
            {
                parent.RemoveReferencesTo(gone);
                log.Add(parent, ModelChangeStructureVerbMask.ReferenceDeleted);
            }

            foreach (var node in gone)
            {
                log.Add(node, ModelChangeStructureVerbMask.NodeDeleted);
                nodes.Remove(node);
            }
        }

        // Outside the lock: watchers have locks of their own.
        foreach (var node in gone)
        {
            node.OnRemoved();
            node.Space = null;
        }

        EndIfSingle();
        return gone.Count;
    }

    /// <summary>Takes in a nodeset: its nodes, and its references to nodes that are there. Namespaces are mapped by its
    /// reader, with <see cref="NamespaceTable.Add"/>. No event is raised.</summary>
    /// <exception cref="ArgumentException">A node id is taken.</exception>
    public void Load(NodeSet set) => NodeSetLoader.Load(this, set, time.GetUtcNow().UtcDateTime);

    /// <summary>Makes an instance of a type with what its modelling rules make mandatory (OPC 10000-3 §6.4.4). The
    /// children's ids are the parent's with <c>/name</c>, so that they are the same after every start.</summary>
    /// <param name="type">An object type or variable type.</param>
    /// <param name="parent">What the instance is put below.</param>
    /// <param name="referenceType">How: HasComponent, Organizes …</param>
    /// <param name="id">The instance's id.</param>
    /// <param name="browseName">The instance's name.</param>
    /// <param name="optional">Optional children that are made as well, as paths from the instance:
    /// <c>EngineeringUnits</c>,
    /// <c>Identification/Manufacturer</c>.</param>
    /// <returns>The instance: an <see cref="ObjectNode"/> or a <see cref="VariableNode"/>.</returns>
    /// <exception cref="ArgumentException">Type or parent is not there, or an id is taken.</exception>
    public Node Instantiate(NodeId type, NodeId parent, NodeId referenceType, NodeId id, QualifiedName browseName,
        params ReadOnlySpan<string> optional)
    {
        using var change = BeginChange();
        return new Instantiator(this, [.. optional]).Make(Get<TypeNode>(type), parent, referenceType, id, browseName);
    }

    /// <summary>Holds the changes until it is disposed together: one event for all of them.</summary>
    public ModelChange BeginChange()
    {
        lock (gate)
        {
            openChanges++;
        }

        return new ModelChange(this);
    }

    /// <summary>Sets what the roles may do with the nodes of a namespace that do not say it themselves; null is
    /// everything.</summary>
    public void SetDefaultPermissions(ushort namespaceIndex, RolePermissionType[]? permissions)
    {
        lock (gate)
        {
            var all = new RolePermissionType[]?[Math.Max(defaultPermissions.Length, namespaceIndex + 1)];
            defaultPermissions.CopyTo(all, 0);
            all[namespaceIndex] = permissions;
            Volatile.Write(ref defaultPermissions, all);
        }
    }

    /// <summary>What the roles may do with the nodes of a namespace that do not say it themselves; null is
    /// everything.</summary>
    public RolePermissionType[]? DefaultPermissions(ushort namespaceIndex)
    {
        var all = Volatile.Read(ref defaultPermissions);
        return namespaceIndex < all.Length ? all[namespaceIndex] : null;
    }

    /// <summary>True when <paramref name="type"/> is <paramref name="baseType"/> or one of its subtypes.</summary>
    public bool IsSubtypeOf(NodeId type, NodeId baseType) =>
        type == baseType || (nodes.Find(type) as TypeNode)?.IsOrRefines(baseType) == true;

    /// <summary>The node that a browse path of hierarchical references leads to; null when it leads nowhere.</summary>
    public Node? Resolve(NodeId start, params ReadOnlySpan<QualifiedName> path)
    {
        var node = Find(start);
        foreach (var name in path)
        {
            node = node is null ? null : Child(node, name);
        }

        return node;
    }

    public void Dispose() => Sampler.Dispose();

    /// <summary>Changes the structure without an event: for what comes and goes with clients.</summary>
    internal void ChangeQuietly(Action change)
    {
        lock (gate)
        {
            var told = log;
            log = new ModelChangeLog();
            openChanges++;
            try
            {
                change();
            }
            finally
            {
                openChanges--;
                log = told;
            }
        }
    }

    /// <summary>Reads a node id and finds its node, without making the id where it can be helped.</summary>
    internal Node? ReadNode(ref UaReader reader) => nodes.Read(ref reader);

    internal void EndChange()
    {
        lock (gate)
        {
            openChanges--;
        }

        EndIfSingle();
    }

    /// <summary>Adds many nodes and their references without an event; two passes, since references point
    /// ahead.</summary>
    /// <exception cref="ArgumentException">An id is taken; the nodes before it are in the space then.</exception>
    internal void Load(IEnumerable<Node> added, IEnumerable<(Node Source, ReferenceTypeNode Type, Node Target)> links)
    {
        lock (gate)
        {
            foreach (var node in added)
            {
                Enter(node);
            }

            foreach (var (source, type, target) in links)
            {
                ReferenceLink.Make(source, type, target);
            }
        }
    }

    private static Node? Child(Node node, QualifiedName name)
    {
        foreach (var reference in node.References)
        {
            if (!reference.IsInverse && reference.Target.BrowseName == name
                && reference.Type.IsOrRefines(NodeIds.HierarchicalReferences))
            {
                return reference.Target;
            }
        }

        return null;
    }

    private static NodeId DefaultType(Node node, NodeId referenceType) => node switch
    {
        ObjectNode => NodeIds.BaseObjectType,
        VariableNode => referenceType == NodeIds.HasProperty ? NodeIds.PropertyType : NodeIds.BaseDataVariableType,
        _ => NodeId.Null,
    };

    private void AddUnlinked(Node node)
    {
        Enter(node);
        log.Add(node, ModelChangeStructureVerbMask.NodeAdded);
    }

    private void Enter(Node node)
    {
        if (node.Space is not null)
        {
            throw new ArgumentException($"{node} is in a space already", nameof(node));
        }

        if (!nodes.TryAdd(node))
        {
            throw new ArgumentException($"node id {node.Id} is taken by {nodes.Find(node.Id)}", nameof(node));
        }

        node.Space = this;
    }

    private void EndIfSingle()
    {
        ServerEvent? e;
        List<VariableNode> versions;
        string version;
        var now = time.GetUtcNow().UtcDateTime;
        lock (gate)
        {
            if (openChanges > 0)
            {
                return;
            }

            if (Events is null)
            {
                log.Clear();
                return;
            }

            e = log.Take(now, out versions);
            modelVersion = Math.Max(modelVersion + 1, now.Ticks);
            version = modelVersion.ToString(CultureInfo.InvariantCulture);
        }

        if (e is not null)
        {
            foreach (var property in versions)
            {
                property.Set(new DataValue(version, default, now, now));
            }

            Events?.Raise(e);
        }
    }
}
