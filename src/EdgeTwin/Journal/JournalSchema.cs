namespace EdgeTwin.Journal;

/// <summary>The tables of <c>journal.db</c> (docs/decisions/0001-journal.md) and how their keys are made.</summary>
internal static class JournalSchema
{
    public const string FileName = "journal.db";
    public const string LockFileName = "journal.lock";
    public const int ApplicationId = 0x45645477;
    public const int Version = 1;

    public const string CompactedKey = "compacted";

    public const string Create = """
        CREATE TABLE IF NOT EXISTS tag (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, type INTEGER NOT NULL,
            crc INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS epoch (id INTEGER PRIMARY KEY, started INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS block (id INTEGER PRIMARY KEY, samples INTEGER NOT NULL,
            oldest INTEGER NOT NULL, newest INTEGER NOT NULL, data BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS segment (id INTEGER PRIMARY KEY, oldest INTEGER NOT NULL, newest INTEGER NOT NULL,
            samples INTEGER NOT NULL, level INTEGER NOT NULL, data BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS pack (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS cursor (uplink TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS damaged (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, original INTEGER NOT NULL,
            found INTEGER NOT NULL, data BLOB);
        CREATE TABLE IF NOT EXISTS loss (id INTEGER PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL,
            samples INTEGER NOT NULL, rule TEXT NOT NULL, found INTEGER NOT NULL);
        """;

    public const long MostEpoch = (1 << 19) - 1;

    private const int SequenceBits = 44;

    /// <summary>Key of a block whose first sample has this position.</summary>
    public static long BlockKey(Position first) => (first.Epoch << SequenceBits) | first.Sequence;

    public static Position PositionOf(long blockKey) =>
        new(blockKey >> SequenceBits, blockKey & ((1L << SequenceBits) - 1));

    public static long PackKey(long segment, int number) => (segment << 16) | (uint)number;

    /// <summary>Checksum of a tag's row, so that a flipped bit cannot give samples to another tag.</summary>
    public static long TagCrc(long id, string name, long type) =>
        Crc32C.Of(System.Text.Encoding.UTF8.GetBytes($"{id}:{type}:{name}"));
}
