using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace EdgeTwin.Hosting;

/// <summary>
/// The address of a Unix domain socket in a folder. A socket address holds 108 bytes (unix(7)), data folders can be
/// deeper; then the folder is held open and named as <c>/proc/self/fd/N</c>, which is the same place in few bytes.
/// </summary>
internal sealed class SocketFile : IDisposable
{
    /// <summary>Longest path that a socket address takes, in bytes without its end.</summary>
    public const int LongestPathBytes = 107;

    // <fcntl.h>; the same on x86, arm and arm64. A folder may be opened for reading.
    private const int OpenReadOnly = 0;
    private const int OpenCloseOnExec = 0x80000;

    private readonly SafeFileHandle? folder;

    /// <summary>Finds a short enough address.</summary>
    /// <exception cref="IOException">The folder cannot be opened.</exception>
    public SocketFile(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        if (Encoding.UTF8.GetByteCount(Path) <= LongestPathBytes)
        {
            EndPoint = new UnixDomainSocketEndPoint(Path);
            return;
        }

        var parent = System.IO.Path.GetDirectoryName(Path) ?? "/";
        var descriptor = Open(Encoding.UTF8.GetBytes(parent + '\0'), OpenReadOnly | OpenCloseOnExec);
        if (descriptor < 0)
            throw new IOException($"folder '{parent}' cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}");
        folder = new SafeFileHandle(descriptor, ownsHandle: true);
        EndPoint = new UnixDomainSocketEndPoint($"/proc/self/fd/{descriptor}/{System.IO.Path.GetFileName(Path)}");
    }

    /// <summary>Where the socket is, for people.</summary>
    public string Path { get; }

    /// <summary>Where the socket is, for the kernel; valid until disposed.</summary>
    public UnixDomainSocketEndPoint EndPoint { get; }

    public void Dispose() => folder?.Dispose();

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);
}
