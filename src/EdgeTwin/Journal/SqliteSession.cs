using Microsoft.Data.Sqlite;

namespace EdgeTwin.Journal;

/// <summary>One connection with its prepared statements. One thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    // SQLite result codes, https://sqlite.org/rescode.html
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    // PERM, BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, IOERR, FULL, CANTOPEN: the surroundings are to blame, not the
    // file.
    private static readonly int[] Surroundings = [3, 5, 6, 7, 8, 9, 10, 13, 14];

    private readonly SqliteConnection connection;
    private readonly Dictionary<string, SqliteCommand> prepared = new(StringComparer.Ordinal);

    private SqliteSession(SqliteConnection connection) => this.connection = connection;

    public static SqliteSession OpenForWriting(string path) => Open(path, SqliteOpenMode.ReadWriteCreate);

    public static SqliteSession OpenReadOnly(string path) => Open(path, SqliteOpenMode.ReadOnly);

    public static bool IsMalformed(SqliteException exception) =>
        exception.SqliteErrorCode is Corrupt or NotADatabase;

    /// <summary>
    /// Whether an error while the file is read means that its content is damaged: malformed pages, but also a schema,
    /// types or keys that this program never writes.
    /// </summary>
    public static bool IsDamage(Exception exception) => exception switch
    {
        SqliteException sqlite => !Surroundings.Contains(sqlite.SqliteErrorCode),
        InvalidCastException or FormatException or OverflowException => true,
        // What the library throws for NULL where a number has to be.
        InvalidOperationException and not ObjectDisposedException => true,
        _ => false,
    };

    public int Execute(string sql, params ReadOnlySpan<object> values)
    {
        var command = Prepare(sql, values);
        return command.ExecuteNonQuery();
    }

    public object? Scalar(string sql, params ReadOnlySpan<object> values)
    {
        var value = Prepare(sql, values).ExecuteScalar();
        return value is DBNull ? null : value;
    }

    public long Number(string sql, params ReadOnlySpan<object> values) => Scalar(sql, values) as long? ?? 0;

    /// <summary>Runs a query; the caller disposes the reader before the next use of the same statement.</summary>
    public SqliteDataReader Query(string sql, params ReadOnlySpan<object> values) =>
        Prepare(sql, values).ExecuteReader();

    /// <summary>Runs statements that are not worth keeping prepared.</summary>
    public void Script(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        foreach (var command in prepared.Values) command.Dispose();
        connection.Dispose();
    }

    private static SqliteSession Open(string path, SqliteOpenMode mode)
    {
        var text = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout =
            5
        };
        var opened = new SqliteConnection(text.ToString());
        try
        {
            opened.Open();
            return new SqliteSession(opened);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<object> values)
    {
        if (!prepared.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i =
                0; i < values.Length; i++) command.Parameters.Add(new SqliteParameter { ParameterName = $"${i + 1}" });
            prepared.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
        return command;
    }
}
