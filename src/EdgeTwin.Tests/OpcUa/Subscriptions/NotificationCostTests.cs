using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Server.Nodes;
using EdgeTwin.OpcUa.Types;
using Xunit.Abstractions;

namespace EdgeTwin.Tests.OpcUa.Subscriptions;

/// <summary>What a notification costs from the source to the response's bytes: no memory, and little time.</summary>
public sealed class NotificationCostTests(ITestOutputHelper output)
{
    private const int Count = 10_000;
    private const int Cycles = 30;

    [Theory]
    [InlineData(1u)]
    [InlineData(10u)]
    public void Notifications_allocate_nothing_in_steady_state(uint queue)
    {
        var rig = new SubscriptionRig();
        var session = rig.Session();
        session.Connection.Keeps = false;
        var id = session.Subscribe().SubscriptionId;
        var nodes = new VariableNode[Count];
        for (var i = 0; i < Count; i++)
        {
            nodes[i] = rig.Variable($"v{i}");
            session.Watch(id, nodes[i].Id, handle: (uint)i, queue: queue);
        }

        // The first cycles grow buffers and compile.
        var number = 0u;
        for (var i = 0; i < 10; i++)
        {
            Cycle(i);
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var cpu = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < Cycles; i++)
        {
            Cycle(100 + i);
        }

        cpu = Environment.CpuUsage.TotalTime - cpu;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        const double Notifications = (double)Cycles * Count;
        output.WriteLine($"{cpu.TotalNanoseconds / Notifications:F0} ns of CPU, {allocated / Notifications:F4} bytes");
        // A publish cycle makes a few small objects (request, timer, test), whatever the number of notifications is.
        Assert.InRange(allocated / Cycles, 0, 4096);
        Assert.Equal((uint)(Cycles + 10) * Count, rig.Manager.Find(id)!.Diagnose().NotificationsCount);

        void Cycle(int value)
        {
            var now = rig.Clock.UtcNow;
            foreach (var node in nodes)
            {
                node.Set(new DataValue((double)value, StatusCodes.Good, now, now));
            }

            session.Publish((id, number));
            rig.Pass(100);
            number++;
        }
    }
}
