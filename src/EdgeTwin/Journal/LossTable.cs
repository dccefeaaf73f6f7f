namespace EdgeTwin.Journal;

/// <summary>Places whose samples the journal gave up before every uplink had them, and why.</summary>
internal static class LossTable
{
    /// <summary>Rule of a block that failed its checksum.</summary>
    public const string Damaged = "damaged";

    /// <summary>Rule of a sample that the far side of one uplink does not take; it is in the journal, so it is not in
    /// the table.</summary>
    public const string Refused = "refused";

    /// <summary>No entry tells.</summary>
    public const string Unknown = "unknown";

    /// <summary>A damaged block; it is one block long whatever its row claims.</summary>
    public static void Add(SqliteSession session, long block, long samples, string rule, DateTime now)
    {
        var count = Math.Clamp(samples, 1, Codec.BlockEncoder.MostSamples);
        Add(session, block, block + count - 1, count, rule, now);
    }

    /// <summary>Places from a first to a last one, as <see cref="JournalSchema.BlockKey"/> has them. What follows the
    /// last entry by the same rule becomes part of it.</summary>
    public static void Add(SqliteSession session, long first, long last, long samples, string rule, DateTime now)
    {
        var grown = rule == Damaged ? 0 : session.Execute(
            """
            UPDATE loss SET last = $1, samples = samples + $2
            WHERE id = (SELECT max(id) FROM loss) AND rule = $3 AND last < $4
            """, last, samples, rule, first);
        if (grown == 0)
            session.Execute("INSERT INTO loss (first, last, samples, rule, found) VALUES ($1, $2, $3, $4, $5)",
                first, last, samples, rule, now.Ticks);
    }

    /// <summary>Which rule took the samples of a hole; null when no entry tells.</summary>
    public static string? RuleOf(SqliteSession session, Hole hole) => session.Scalar(
        "SELECT rule FROM loss WHERE last > $1 AND first < $2 ORDER BY id DESC LIMIT 1",
        JournalSchema.BlockKey(hole.After), JournalSchema.BlockKey(hole.Before)) as string;

    public static List<Loss> All(SqliteSession session)
    {
        var losses = new List<Loss>();
        using var rows = session.Query("SELECT first, last, samples, rule, found FROM loss ORDER BY id");
        while (rows.Read())
        {
            losses.Add(new Loss(
                JournalSchema.PositionOf(rows.GetInt64(0)), JournalSchema.PositionOf(rows.GetInt64(1)),
                rows.GetInt64(2), rows.GetString(3), Codec.BlockDecoder.Time(rows.GetInt64(4))));
        }

        return losses;
    }
}
