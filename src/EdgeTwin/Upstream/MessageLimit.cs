namespace EdgeTwin.Upstream;

/// <summary>
/// What an uplink has learnt of the largest message that its broker takes. MQTT 5.0 says it (§3.2.2.3.6). With 3.1.1 a
/// broker closes the connection and says nothing, as it does for many reasons; so what is suspected only makes messages
/// smaller. A sample is given up when its message alone was followed by the end of the connection several times, is
/// larger than any that ever passed, and the broker took others. Guarded by its own lock.
/// </summary>
internal sealed class MessageLimit(TimeProvider time)
{
    /// <summary>A smaller message is not suspected of being too large.</summary>
    public const int Least = 4096;

    /// <summary>So often a message must fail alone.</summary>
    public const int Strikes = 4;

    /// <summary>What people can do about a birth that is too large.</summary>
    public const string BirthAdvice = "raise its limit on the size of packets, or divide the tags among components, "
        + "for each of them has a birth of its own";

    /// <summary>The broker may have another limit by then.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromHours(24);

    private readonly Lock gate = new();
    private int suspected = int.MaxValue;
    private int refused = int.MaxValue;
    private int passed;
    private int strikes;
    private bool isAlive;
    private long learnt;

    /// <summary>Messages up to this size have passed, or always do.</summary>
    public int Floor
    {
        get
        {
            lock (gate) return Math.Max(passed, Least);
        }
    }

    /// <summary>The broker has taken a message, of whatever kind.</summary>
    public void Alive()
    {
        lock (gate) isAlive = true;
    }

    /// <summary>A message above the floor is proven delivered.</summary>
    public void Passed(int bytes)
    {
        lock (gate)
        {
            passed = Math.Max(passed, bytes);
            strikes = 0;
            if (bytes > suspected) suspected = int.MaxValue; // size was not the reason
        }
    }

    /// <summary>The broker ended the connection while a message above the floor, the largest, was on its way.</summary>
    public void Failed(int bytes, bool wasAlone)
    {
        lock (gate)
        {
            learnt = time.GetTimestamp();
            suspected = Math.Max(Math.Max(passed, Least), Math.Min(suspected, bytes / 2));
            if (!wasAlone || !isAlive || ++strikes < Strikes) return;
            refused = Math.Min(refused, bytes);
            strikes = 0;
        }
    }

    /// <summary>A message that the far side cannot do without, such as a birth, has passed. It says nothing of others
    /// that failed alone.</summary>
    public void IndispensablePassed(int bytes)
    {
        lock (gate)
        {
            isAlive = true;
            passed = Math.Max(passed, bytes);
            if (bytes > suspected) suspected = int.MaxValue;
        }
    }

    /// <summary>The broker ended the connection after such a message. It goes again, for without it nothing goes; but
    /// what can be left out of it is.</summary>
    public void IndispensableFailed(int bytes)
    {
        lock (gate)
        {
            learnt = time.GetTimestamp();
            suspected = Math.Max(Math.Max(passed, Least), Math.Min(suspected, bytes / 2));
        }
    }

    /// <summary>What goes without a question.</summary>
    public int Most(int said)
    {
        lock (gate) return Math.Min(said, suspected);
    }

    /// <summary>The broker said of a message, of at most so many bytes, that it is too large.</summary>
    public void TooLarge(int bytes, bool isSingle)
    {
        lock (gate)
        {
            learnt = time.GetTimestamp();
            suspected = Math.Min(suspected, bytes / 2);
            if (isSingle) refused = Math.Min(refused, bytes);
        }
    }

    /// <param name="bytes">Size of the message.</param>
    /// <param name="said">What the broker said it takes.</param>
    /// <param name="canSplit">It can be made smaller.</param>
    /// <param name="isQuiet">Nothing else is on its way.</param>
    public SizeVerdict Judge(int bytes, int said, bool canSplit, bool isQuiet)
    {
        lock (gate)
        {
            if (bytes <= Math.Min(said, suspected)) return SizeVerdict.Send;
            if (bytes <= said && time.GetElapsedTime(learnt) > Memory)
            {
                (suspected, refused, passed) = (int.MaxValue, int.MaxValue, 0);
                return SizeVerdict.Send;
            }

            if (canSplit) return SizeVerdict.Split;
            if (bytes > said || bytes >= refused) return SizeVerdict.Refuse;
            return isQuiet ? SizeVerdict.Send : SizeVerdict.Wait;
        }
    }

    /// <summary>Why a message of that size is refused, for people.</summary>
    public static string Reason(int bytes, int said) => bytes > said
        ? $"its message has {bytes} bytes, and the broker takes at most {said}"
        : $"its message has {bytes} bytes, and the broker refuses one of that size or ended the connection after it "
            + $"{Strikes} times; raise its limit on the size of messages, or leave the tag out of this uplink";
}
