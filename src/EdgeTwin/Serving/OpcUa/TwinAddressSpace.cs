using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;
using EdgeTwin.Tags;

namespace EdgeTwin.Serving.OpcUa;

/// <summary>
/// The twin's nodes in a server. <see cref="Apply"/> makes them what the configuration says: what is the same stays as
/// it is, with its value and its watchers; clients are told of the rest by one model-change event. Values are pushed
/// with <see cref="Set"/>.
/// </summary>
/// <param name="space">The server's address space, namespace 0 loaded.</param>
/// <param name="writer">Takes what clients write.</param>
/// <param name="time">Clock of values that are made here.</param>
internal sealed class TwinAddressSpace(AddressSpace space, TwinWriter writer, TimeProvider time)
{
    private Target[] byTag = [];
    private TwinPlan? current;

    /// <summary>Makes the nodes what the configuration says. One caller at a time.</summary>
    public void Apply(ServedTwin twin)
    {
        var plan = TwinPlan.Of(twin, TwinNamespaces.In(space, twin.NamespaceUri));
        var tags = twin.Tags.Count == 0 ? 0 : twin.Tags.Max(tag => tag.Id.Index) + 1;
        var targets = new Target[tags];
        using (space.BeginChange())
        {
            RemoveWhatGoes(plan);
            foreach (var node in plan.Nodes)
            {
                if (space.Find(node.Id) is { } there) Update(there, node);
                else Add(node);
            }

            foreach (var node in plan.Nodes)
            {
                foreach (var (source, reference) in node.AlsoFrom) space.AddReference(source, reference, node.Id);
                if (node.Tag is not { } tag) continue;
                targets[tag.Id.Index] = new Target(space.Get<VariableNode>(node.Id), tag.Origin is TagOrigin.Alarm);
            }
        }

        current = plan;
        Volatile.Write(ref byTag, targets);
    }

    /// <summary>Pushes samples to whoever watches their tags; allocates nothing. Any thread, one at a time.</summary>
    public void Set(ReadOnlySpan<Sample> samples)
    {
        var targets = Volatile.Read(ref byTag);
        foreach (ref readonly var sample in samples)
        {
            var tag = sample.Tag.Index;
            if ((uint)tag >= (uint)targets.Length || targets[tag].Node is not { } node) continue;
            var value = TagVariant.From(in sample);
            if (targets[tag].IsAlarm && !value.Value.IsNull)
                value = new DataValue((uint)sample.Value.Bits, value.Status, sample.SourceTime, sample.ReceiveTime);
            node.Set(value);
        }
    }

    private void RemoveWhatGoes(TwinPlan plan)
    {
        if (current is null) return;
        foreach (var old in current.Nodes)
        {
            // With a node goes what is below it; that is made anew where it is still wanted.
            if (plan.Find(old.Id) is not { } kept || !kept.HasSameShape(old)) space.Remove(old.Id);
        }
    }

    private void Add(PlannedNode planned)
    {
        Node node;
        if (planned.DataType is { } dataType)
        {
            var variable = new VariableNode(planned.Id, planned.Name)
            {
                DataType = dataType,
                ValueRank = planned.IsArray ? 1 : -1,
                ArrayDimensions = planned.IsArray ? [0] : null,
            };
            Fill(variable, planned);
            node = variable;
        }
        else
        {
            node = new ObjectNode(planned.Id, planned.Name);
        }

        node.DisplayName = planned.DisplayName;
        node.Description = planned.Description;
        space.Add(node, planned.Parent, planned.Reference, planned.Type);
    }

    private void Update(Node node, PlannedNode planned)
    {
        if (node.DisplayName != planned.DisplayName) node.DisplayName = planned.DisplayName;
        if (node.Description != planned.Description) node.Description = planned.Description;
        if (node is not VariableNode variable) return;
        var before = current?.Find(planned.Id);
        if (planned.Fixed is null || before?.FixedText != planned.FixedText) Fill(variable, planned);
    }

    private void Fill(VariableNode variable, PlannedNode planned)
    {
        if (planned.Tag is { } tag) writer.Attach(variable, tag);
        if (planned.Diagnostic is { } item)
        {
            variable.MinimumSamplingInterval = 1000;
            variable.Computed = () =>
            {
                var now = time.GetUtcNow().UtcDateTime;
                return new DataValue(TagVariant.From(item.Read()), StatusCodes.Good, now, now);
            };
        }

        if (planned.Fixed is not { } value) return;
        var at = time.GetUtcNow().UtcDateTime;
        variable.Set(new DataValue(value.Value, value.Status, at, at));
    }

    /// <summary>Where the samples of a tag go; nowhere for a retired one.</summary>
    private readonly record struct Target(VariableNode? Node, bool IsAlarm);
}
