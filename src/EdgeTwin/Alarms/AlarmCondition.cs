using System.Buffers.Binary;

namespace EdgeTwin.Alarms;

/// <summary>
/// The state machine of one alarm after ISA-18.2. It has no clock and does no I/O; every call says what time it is.
/// <para>Below what the operator sees lies the state of the process: normal, active (acknowledged or not), or cleared
/// and not yet acknowledged. Shelving and suppression only cover it. Beneath the cover the condition goes on being
/// followed; one that comes and goes there leaves nothing to acknowledge, because nobody was told.</para>
/// <para>A condition that is not known, because its inputs are bad, holds everything as it is: the alarm neither comes
/// nor clears, and a running delay neither ends nor starts anew.</para>
/// </summary>
internal sealed class AlarmCondition(AlarmTiming timing)
{
    /// <summary>Shelving is for a limited time, or alarms are forgotten on the shelf.</summary>
    public static readonly TimeSpan LongestShelving = TimeSpan.FromDays(30);

    /// <summary>Size of what <see cref="Save"/> writes.</summary>
    public const int SavedSizeBytes = 32;

    private const byte SavedVersion = 1;

    private AlarmState process;
    private bool isSuppressedByCondition;
    private bool isSuppressedByCommand;
    private DateTime? pendingSince;
    private DateTime? shelvedUntil;

    /// <summary>What the operator sees.</summary>
    public AlarmState State =>
        isSuppressedByCondition || isSuppressedByCommand ? AlarmState.SuppressedByDesign
        : shelvedUntil is not null ? AlarmState.Shelved
        : process;

    /// <summary>The alarm is on, whether or not it is covered; hysteresis then applies to its condition.</summary>
    public bool IsActive => process is AlarmState.ActiveUnacknowledged or AlarmState.ActiveAcknowledged;

    /// <summary>When the state that the operator sees began, UTC; the default before the first change.</summary>
    public DateTime Since { get; private set; }

    /// <summary>When shelving ends by itself; null when it is not shelved.</summary>
    public DateTime? ShelvedUntil => shelvedUntil;

    /// <summary>Since when the condition has differed from the alarm, its delay running; null when they
    /// agree.</summary>
    public DateTime? PendingSince => pendingSince;

    /// <summary>When something will happen without any new input: the end of a delay or of shelving.</summary>
    public DateTime? NextDue(bool isConditionKnown)
    {
        var pendingDue = isConditionKnown ? pendingSince + (IsActive ? timing.OffDelay : timing.OnDelay) : null;
        return pendingDue is null || shelvedUntil < pendingDue ? shelvedUntil ?? pendingDue : pendingDue;
    }

    /// <summary>Follows the process; either argument is null while it is not known.</summary>
    public void Follow(bool? condition, bool? suppression, DateTime now)
    {
        var before = State;
        if (shelvedUntil <= now) shelvedUntil = null;
        isSuppressedByCondition = suppression ?? isSuppressedByCondition;
        if (condition is { } holds) FollowCondition(holds, now);
        NoteChange(before, now);
    }

    /// <summary>Does what an operator wants, or says why not.</summary>
    public string? Do(AlarmAction action, TimeSpan shelveFor, DateTime now)
    {
        var before = State;
        if (Refuse(action, shelveFor) is { } refusal) return refusal;
        switch (action)
        {
            case AlarmAction.Acknowledge:
                process = process == AlarmState.ActiveUnacknowledged ? AlarmState.ActiveAcknowledged
                    : AlarmState.Normal;
                break;
            case AlarmAction.Shelve:
                shelvedUntil = now + shelveFor;
                break;
            case AlarmAction.Unshelve:
                shelvedUntil = null;
                break;
            default:
                isSuppressedByCommand = action == AlarmAction.Suppress;
                break;
        }

        NoteChange(before, now);
        return null;
    }

    /// <summary>
    /// Writes everything that a restart needs. Layout, little-endian: version u8 = 1 | process state u8 | flags u8 (1
    /// suppressed by condition, 2 suppressed by command, 4 delay running, 8 shelved) | 0 u8 | since i64 | pending since
    /// i64 | shelved until i64, all UTC ticks and 0 where the flag is not set | FNV-1a of the 28 bytes before, u32.
    /// </summary>
    public void Save(Span<byte> into)
    {
        into[0] = SavedVersion;
        into[1] = (byte)process;
        into[2] = (byte)((isSuppressedByCondition ? 1 : 0) | (isSuppressedByCommand ? 2 : 0)
            | (pendingSince is null ? 0 : 4) | (shelvedUntil is null ? 0 : 8));
        into[3] = 0;
        BinaryPrimitives.WriteInt64LittleEndian(into[4..], Since.Ticks);
        BinaryPrimitives.WriteInt64LittleEndian(into[12..], pendingSince?.Ticks ?? 0);
        BinaryPrimitives.WriteInt64LittleEndian(into[20..], shelvedUntil?.Ticks ?? 0);
        BinaryPrimitives.WriteUInt32LittleEndian(into[28..], Checksum(into[..28]));
    }

    /// <summary>Takes up what <see cref="Save"/> wrote; false, and nothing changed, when it is damaged.</summary>
    public bool TryRestore(ReadOnlySpan<byte> saved)
    {
        if (saved.Length != SavedSizeBytes || saved[0] != SavedVersion
            || saved[1] > (byte)AlarmState.ClearedUnacknowledged
            || saved[2] > 15 || BinaryPrimitives.ReadUInt32LittleEndian(saved[28..]) != Checksum(saved[..28]))
            return false;
        if (!TryTime(saved[4..], out var since) || !TryTime(saved[12..], out var pending)
            || !TryTime(saved[20..], out var shelved))
            return false;
        process = (AlarmState)saved[1];
        isSuppressedByCondition = (saved[2] & 1) != 0;
        isSuppressedByCommand = (saved[2] & 2) != 0;
        pendingSince = (saved[2] & 4) != 0 ? pending : null;
        shelvedUntil = (saved[2] & 8) != 0 ? shelved : null;
        Since = since;
        return true;
    }

    /// <summary>Moves what is running after the clock was set, so that delays last as long as they should.</summary>
    public void ShiftClock(TimeSpan by)
    {
        pendingSince += by;
        shelvedUntil += by;
    }

    private void FollowCondition(bool holds, DateTime now)
    {
        if (holds == IsActive)
        {
            pendingSince = null;
            return;
        }

        pendingSince ??= now;
        if (now - pendingSince < (holds ? timing.OnDelay : timing.OffDelay)) return;
        pendingSince = null;
        process = holds ? AlarmState.ActiveUnacknowledged
            : process == AlarmState.ActiveAcknowledged || State != process ? AlarmState.Normal
            : AlarmState.ClearedUnacknowledged;
    }

    private string? Refuse(AlarmAction action, TimeSpan shelveFor) => (action, State) switch
    {
        (AlarmAction.Acknowledge, AlarmState.ActiveUnacknowledged or AlarmState.ClearedUnacknowledged) => null,
        (AlarmAction.Acknowledge, AlarmState.Normal) => "there is nothing to acknowledge: the alarm is normal",
        (AlarmAction.Acknowledge, AlarmState.ActiveAcknowledged) => "it is acknowledged already",
        (AlarmAction.Acknowledge, _) =>
        $"it is {Describe(State)}; what the operator does not see cannot be acknowledged",
        (AlarmAction.Shelve, AlarmState.Shelved) => $"it is shelved already, until {shelvedUntil:u}",
        (AlarmAction.Shelve, AlarmState.SuppressedByDesign) => "it is suppressed by design; there is nothing to shelve",
        (AlarmAction.Shelve, _) when shelveFor <= TimeSpan.Zero || shelveFor > LongestShelving =>
            $"shelving lasts more than 0 and at most {LongestShelving.TotalDays:0} days, and {shelveFor} is not",
        (AlarmAction.Unshelve, _) when shelvedUntil is null => "it is not shelved",
        (AlarmAction.Suppress, _) when isSuppressedByCommand => "it is suppressed already",
        (AlarmAction.Unsuppress, _) when !isSuppressedByCommand =>
            isSuppressedByCondition ? "its 'suppressWhen' suppresses it; no command can lift that"
                : "it is not suppressed",
        _ => null,
    };

    private static string Describe(AlarmState state) => state == AlarmState.Shelved ? "shelved"
        : "suppressed by design";

    private void NoteChange(AlarmState before, DateTime now)
    {
        if (State != before) Since = now;
    }

    private static bool TryTime(ReadOnlySpan<byte> bytes, out DateTime time)
    {
        var ticks = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        var isTime = ticks >= 0 && ticks <= DateTime.MaxValue.Ticks;
        time = isTime ? new DateTime(ticks, DateTimeKind.Utc) : default;
        return isTime;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var hash = 2166136261u;
        foreach (var value in bytes) hash = (hash ^ value) * 16777619u;
        return hash;
    }
}
