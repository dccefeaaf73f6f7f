using System.Globalization;
using System.Text;

namespace EdgeTwin.Journal;

/// <summary>
/// Holds the data folder for one gateway, and remembers the last epoch beside the database, so that a position is not
/// given twice even when the database had to begin anew.
/// </summary>
internal sealed class JournalLock : IDisposable
{
    private readonly FileStream file;

    private JournalLock(FileStream file) => this.file = file;

    /// <summary>The last epoch that was begun in this folder; 0 when there was none or it cannot be read.</summary>
    public long LastEpoch { get; private set; }

    /// <exception cref="JournalException">Another process has the folder, or it cannot be written.</exception>
    public static JournalLock Take(string folder)
    {
        var path = Path.Combine(folder, JournalSchema.LockFileName);
        try
        {
            Directory.CreateDirectory(folder);
            var held = new JournalLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None,
                1));
            held.LastEpoch = held.Read();
            return held;
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new JournalException($"data folder {folder} cannot be written by this user: {exception.Message}",
                exception);
        }
        catch (IOException exception)
        {
            throw new JournalException(
                $"data folder {folder} is in use by another gateway or cannot be written: {exception.Message}. Stop "
                    + $"the other one, or give this one another 'gateway: data:'", exception);
        }
    }

    public void Remember(long epoch)
    {
        file.Position = 0;
        file.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"epoch {epoch}\n")));
        file.SetLength(file.Position);
        file.Flush(flushToDisk: true);
        LastEpoch = epoch;
    }

    public void Dispose() => file.Dispose();

    private long Read()
    {
        var bytes = new byte[64];
        var text = Encoding.ASCII.GetString(bytes, 0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        return text.StartsWith("epoch ", StringComparison.Ordinal)
            && long.TryParse(text.AsSpan(6).Trim(), out var epoch) && epoch > 0
            ? epoch
            : 0;
    }
}
