using EdgeTwin.Journal.Codec;
using Microsoft.Data.Sqlite;

namespace EdgeTwin.Journal;

/// <summary>Reads what became of every sample on the way to each uplink, also while a gateway writes: then as of the
/// last commit.</summary>
internal sealed class LedgerReader : IDisposable
{
    private readonly SqliteSession session;

    private LedgerReader(SqliteSession session) => this.session = session;

    /// <exception cref="JournalException">There is no journal in the folder, or it cannot be read.</exception>
    public static LedgerReader OpenReadOnly(string folder)
    {
        var path = Path.Combine(folder, JournalSchema.FileName);
        if (!File.Exists(path)) throw new JournalException(
            $"there is no journal in {Path.GetFullPath(folder)}; name the gateway's data folder");
        try
        {
            return new LedgerReader(SqliteSession.OpenReadOnly(path));
        }
        catch (SqliteException exception)
        {
            throw new JournalException($"{path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>The ledger of each uplink that the journal knows.</summary>
    /// <exception cref="JournalException">A cursor is damaged, or the file cannot be read.</exception>
    public IReadOnlyList<UplinkLedger> Read()
    {
        session.Execute("BEGIN");
        try
        {
            var epochs = Epochs();
            var losses = HasLosses() ? LossTable.All(session) : [];
            foreach (var loss in losses) Extend(epochs, loss.Last);
            return [.. Cursors().Select(row => LedgerOf(row.Uplink, row.Cursor, epochs, losses))];
        }
        catch (SqliteException exception)
        {
            throw new JournalException($"the journal cannot be read: {exception.Message}", exception);
        }
        finally
        {
            session.Execute("COMMIT");
        }
    }

    public void Dispose() => session.Dispose();

    private static void Extend(SortedDictionary<long, long> epochs, Position last) =>
        epochs[last.Epoch] = Math.Max(last.Sequence, epochs.GetValueOrDefault(last.Epoch));

    // A file that no gateway of this version has opened yet has no such table.
    private bool HasLosses() => session.Number("SELECT count(*) FROM sqlite_master WHERE name = 'loss'") > 0;

    // The last place of each epoch that anything on disk tells of.
    private SortedDictionary<long, long> Epochs()
    {
        var epochs = new SortedDictionary<long, long>();
        using (var rows = session.Query("SELECT id FROM epoch ORDER BY id"))
            while (rows.Read()) epochs[rows.GetInt64(0)] = 0;
        using (var rows = session.Query("SELECT id, samples FROM block"))
        {
            while (rows.Read())
            {
                var first = JournalSchema.PositionOf(rows.GetInt64(0));
                Extend(epochs, first with { Sequence = first.Sequence + rows.GetInt64(1) - 1 });
            }
        }

        foreach (var row in SegmentTable.List(session))
        {
            try
            {
                Extend(epochs, SegmentTable.Directory(session, row.Id).Last);
            }
            catch (DamagedDataException)
            {
                continue; // its neighbours tell nearly as much
            }
        }

        return epochs;
    }

    private List<(string Uplink, UplinkCursor Cursor)> Cursors()
    {
        var cursors = new List<(string, UplinkCursor)>();
        using var rows = session.Query("SELECT uplink, data FROM cursor ORDER BY uplink");
        while (rows.Read())
        {
            var uplink = rows.GetString(0);
            var cursor = new UplinkCursor();
            try
            {
                cursor.Load(rows[1] as byte[] ?? []);
            }
            catch (DamagedDataException exception)
            {
                throw new JournalException($"the cursor of uplink '{uplink}' is damaged ({exception.Message}); the "
                    + "gateway replaces it at its next start", exception);
            }

            cursors.Add((uplink, cursor));
        }

        return cursors;
    }

    private static UplinkLedger LedgerOf(
        string uplink, UplinkCursor cursor, SortedDictionary<long, long> epochs, List<Loss> losses)
    {
        var ends = new SortedDictionary<long, long>(epochs);
        Extend(ends, cursor.Position);
        foreach (var (_, last) in cursor.Ahead) Extend(ends, last);
        var rows = ends.Select(end => EpochLedger.Of(end.Key, end.Value, cursor, losses)).ToList();
        return new UplinkLedger(uplink, cursor.Position, rows, cursor.Account.Epochs.GetValueOrDefault(0));
    }
}
