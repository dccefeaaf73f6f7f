using System.Diagnostics.CodeAnalysis;
using EdgeTwin.OpcUa.Schema;

namespace EdgeTwin.OpcUa.Client.Subscriptions;

/// <summary>
/// Puts notification messages in order by their sequence numbers and knows what is missing. Numbers count from 1 and go
/// from 2^32-1 back to 1; a keep-alive carries the number that comes next (OPC 10000-4 §5.14.1.1, §7.26).
/// </summary>
internal sealed class SequenceBuffer
{
    /// <summary>Beyond this distance, nothing is waited for any more: servers keep far fewer messages.</summary>
    public const uint MostMissing = 4096;

    private readonly Dictionary<uint, NotificationMessage> held = [];

    // Count of messages before the next one, so that the wrap needs no care here: see Distance.
    private uint known;

    /// <summary>Sequence number of the message that comes next.</summary>
    public uint Next { get; private set; } = 1;

    /// <summary>How many messages are missing before the first that is held or announced.</summary>
    public uint Missing => Math.Min(known, held.Count == 0 ? known : Distance(FirstHeld()));

    /// <summary>The number that comes after another.</summary>
    public static uint After(uint number) => number == uint.MaxValue ? 1 : number + 1;

    /// <summary>Takes a message.</summary>
    /// <returns>False when it was there before, or is older than what was given out.</returns>
    public bool Add(NotificationMessage message)
    {
        var distance = Distance(message.SequenceNumber);
        if (message.SequenceNumber == 0 || distance > int.MaxValue || !held.TryAdd(message.SequenceNumber, message))
            return false;
        known = Math.Max(known, distance + 1);
        return true;
    }

    /// <summary>Takes the number of a keep-alive: everything before it was sent.</summary>
    public void Announce(uint next)
    {
        var distance = Distance(next);
        if (next != 0 && distance <= int.MaxValue) known = Math.Max(known, distance);
    }

    /// <summary>The next message, when it is there; <see cref="Taken"/> moves on.</summary>
    public bool TryPeek([NotNullWhen(true)] out NotificationMessage? message) => held.TryGetValue(Next, out message);

    /// <summary>The next message was given out.</summary>
    public void Taken()
    {
        held.Remove(Next);
        Step();
    }

    /// <summary>Gives up the next message.</summary>
    public void Skip() => Step();

    /// <summary>Gives up everything that is missing.</summary>
    public void SkipMissing()
    {
        if (held.Count == 0)
        {
            Next = Plus(Next, known);
            known = 0;
            return;
        }

        var distance = Distance(FirstHeld());
        Next = Plus(Next, distance);
        known -= distance;
    }

    private void Step()
    {
        Next = After(Next);
        if (known > 0) known--;
    }

    // The wrap skips 0, so numbers behind it are one nearer than they look.
    private uint Distance(uint number) => number >= Next ? number - Next : number - Next - 1;

    private static uint Plus(uint number, uint distance)
    {
        var sum = number + distance;
        return sum < number ? sum + 1 : sum;
    }

    private uint FirstHeld()
    {
        var first = 0u;
        var nearest = uint.MaxValue;
        foreach (var number in held.Keys)
        {
            var distance = Distance(number);
            if (distance >= nearest) continue;
            (first, nearest) = (number, distance);
        }

        return first;
    }
}
