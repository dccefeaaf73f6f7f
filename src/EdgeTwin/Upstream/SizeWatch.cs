using EdgeTwin.Mqtt;

namespace EdgeTwin.Upstream;

/// <summary>Sizes of the messages that are on their way on one connection, as far as they teach the
/// <see cref="MessageLimit"/> something. Sent on the pump's thread, proven on the connection's reader.</summary>
/// <param name="limit">What the uplink has learnt.</param>
/// <param name="said">Largest packet that the broker said it takes.</param>
internal sealed class SizeWatch(MessageLimit limit, int said)
{
    private readonly Lock gate = new();
    private readonly List<(long Token, int Bytes)> large = [];
    private readonly int harmless = Math.Min(limit.Floor, limit.Most(said));
    private int unproven;
    private int birth;
    private bool isAlone;
    private bool isAlive;

    /// <summary>What goes without a question.</summary>
    public int Most => limit.Most(said);

    /// <summary>Largest packet that the broker said it takes.</summary>
    public int Said => said;

    public SizeVerdict Judge(int bytes, bool canSplit)
    {
        lock (gate)
        {
            // A message on trial shares the connection with no other.
            return isAlone ? SizeVerdict.Wait : limit.Judge(bytes, said, canSplit, unproven == 0);
        }
    }

    public string Reason(int bytes) => MessageLimit.Reason(bytes, said);

    /// <summary>A message is about to go.</summary>
    public void Sending(long token, int bytes)
    {
        lock (gate)
        {
            unproven++;
            if (bytes <= harmless) return;
            isAlone = unproven == 1 && limit.Judge(bytes, said, canSplit: true, isQuiet: true) == SizeVerdict.Split;
            large.Add((token, bytes));
        }
    }

    /// <summary>Births are about to go, which cannot be made smaller.</summary>
    /// <param name="bytes">Size of the largest.</param>
    public void SendingBirth(int bytes)
    {
        lock (gate) birth = bytes;
    }

    /// <summary>The broker has them.</summary>
    public void BirthPassed()
    {
        lock (gate)
        {
            limit.IndispensablePassed(birth);
            birth = 0;
            isAlive = true;
        }
    }

    /// <summary>It did not go after all.</summary>
    public void Withdraw(long token)
    {
        lock (gate) Take(token);
    }

    /// <summary>It is proven delivered.</summary>
    public void Proven(long token)
    {
        lock (gate)
        {
            if (!isAlive) limit.Alive();
            isAlive = true;
            var bytes = Take(token);
            if (bytes > 0) limit.Passed(bytes);
        }
    }

    /// <summary>The broker has a message and says that it is too large.</summary>
    public void TooLarge(long token)
    {
        lock (gate)
        {
            var alone = isAlone;
            var bytes = Take(token);
            limit.TooLarge(bytes > 0 ? bytes : harmless, isSingle: alone);
        }
    }

    /// <summary>The connection has ended; returns what to tell people. Learns from it when it was the broker that
    /// closed it.</summary>
    public string Describe(MqttException reason)
    {
        if (reason.Error != MqttError.ConnectionLost) return reason.Message;
        lock (gate)
        {
            var largest = 0;
            foreach (var (_, bytes) in large) largest = Math.Max(largest, bytes);
            large.Clear();
            if (birth > MessageLimit.Least)
            {
                limit.IndispensableFailed(birth);
                return $"{reason.Message}, after a birth of {birth} bytes; if that is more than it takes, "
                    + MessageLimit.BirthAdvice;
            }
            if (largest == 0) return reason.Message;
            limit.Failed(largest, isAlone);
            return $"{reason.Message}, after a message of {largest} bytes; if that is more than it takes, the next "
                + "ones are smaller";
        }
    }

    private int Take(long token)
    {
        unproven--;
        if (large.Count == 0) return 0;
        var at = large.FindIndex(message => message.Token == token);
        if (at < 0) return 0;
        var bytes = large[at].Bytes;
        large.RemoveAt(at);
        isAlone = false;
        return bytes;
    }
}
