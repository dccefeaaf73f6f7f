using System.Net;

namespace EdgeTwin.OpcUa.Server.Users;

/// <summary>Slows guessing of passwords. After some failures a user name is refused unheard for a time that doubles,
/// up to a
/// minute: for the address that guesses, so that the user at another one, other users behind the same address and
/// anonymous ones are not hurt. Many names tried from one address are slowed as one. Every refusal ends by
/// itself.</summary>
internal sealed class LogonThrottle
{
    private const int FreeFailures = 5;
    private const int FreeFailuresOfAddress = 30;
    private const int MostEntries = 10_000;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPauseOfAddress = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Forget = TimeSpan.FromMinutes(5);

    private readonly Lock gate = new();
    private readonly Dictionary<Key, Entry> entries = [];

    /// <summary>Whether an attempt may be judged now.</summary>
    /// <param name="address">Where it comes from.</param>
    /// <param name="user">The user's name.</param>
    /// <param name="now">Monotonic time.</param>
    public bool MayTry(IPAddress address, string user, TimeSpan now)
    {
        lock (gate)
        {
            return !IsPaused(new Key(address, user), now) && !IsPaused(new Key(address, null), now);
        }
    }

    /// <summary>Counts a failure.</summary>
    /// <returns>True when the pause begins with it: worth a line in the log.</returns>
    public bool Failed(IPAddress address, string user, TimeSpan now)
    {
        lock (gate)
        {
            var slowed = Count(new Key(address, user), FreeFailures, LongestPause, now);
            return Count(new Key(address, null), FreeFailuresOfAddress, LongestPauseOfAddress, now) || slowed;
        }
    }

    /// <summary>Forgets the failures of a user who was right after all.</summary>
    public void Succeeded(IPAddress address, string user)
    {
        lock (gate) entries.Remove(new Key(address, user));
    }

    /// <summary>Forgets what is old; called now and then.</summary>
    public void Sweep(TimeSpan now)
    {
        lock (gate)
        {
            foreach (var (key, entry) in entries)
            {
                if (now - entry.Last > Forget) entries.Remove(key);
            }
        }
    }

    private bool IsPaused(in Key key, TimeSpan now) =>
        entries.TryGetValue(key, out var entry) && now < entry.PausedUntil;

    private bool Count(in Key key, int free, TimeSpan longest, TimeSpan now)
    {
        if (!entries.TryGetValue(key, out var entry))
        {
            // Full of others' failures: this one goes uncounted, and the entries end within minutes.
            if (entries.Count >= MostEntries) return false;
            entries.Add(key, entry = new Entry());
        }

        if (now - entry.Last > Forget) entry.Failures = 0;
        entry.Last = now;
        var over = ++entry.Failures - free;
        if (over < 0) return false;
        var pause = FirstPause * Math.Pow(2, Math.Min(over, 10));
        entry.PausedUntil = now + (pause < longest ? pause : longest);
        return over == 0;
    }

    /// <summary>A user at an address; the address as a whole when the user is null.</summary>
    private readonly record struct Key(IPAddress Address, string? User);

    private sealed class Entry
    {
        public int Failures { get; set; }

        public TimeSpan Last { get; set; }

        public TimeSpan PausedUntil { get; set; }
    }
}
