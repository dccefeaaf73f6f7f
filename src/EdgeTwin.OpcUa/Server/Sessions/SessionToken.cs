using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.OpcUa.Server.Sessions;

/// <summary>The authentication token of a session: 32 random bytes, an opaque node id in namespace 0. Whoever has it
/// is the session,
/// so it is neither shown nor logged, and nothing public follows from it (OPC 10000-4 §5.7.2).</summary>
internal readonly struct SessionToken : IEquatable<SessionToken>
{
    /// <summary>Bytes of a token.</summary>
    public const int Length = 32;

    private readonly ulong a;
    private readonly ulong b;
    private readonly ulong c;
    private readonly ulong d;

    /// <param name="bytes">Exactly <see cref="Length"/> bytes.</param>
    public SessionToken(ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        (a, b, c, d) = (words[0], words[1], words[2], words[3]);
    }

    public static SessionToken NewRandom()
    {
        Span<byte> bytes = stackalloc byte[Length];
        RandomNumberGenerator.Fill(bytes);
        return new SessionToken(bytes);
    }

    /// <summary>As the client gets it, once.</summary>
    public NodeId ToNodeId()
    {
        ReadOnlySpan<ulong> words = [a, b, c, d];
        return new NodeId(0, MemoryMarshal.AsBytes(words).ToArray());
    }

    // No early end: the time says nothing of how far a guess was right.
    public bool Equals(SessionToken other) => ((a ^ other.a) | (b ^ other.b) | (c ^ other.c) | (d ^ other.d)) == 0;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is SessionToken other && Equals(other);

    // Random already; nobody but the server makes tokens that get into a table.
    public override int GetHashCode() => a.GetHashCode();

    public override string ToString() => "(secret)";
}
