using System.Net;
using System.Security.Cryptography;
using EdgeTwin.OpcUa.Schema;
using EdgeTwin.OpcUa.Security;
using Microsoft.Extensions.Logging;

namespace EdgeTwin.OpcUa.Certificates;

/// <summary>
/// Decides whether a peer's certificate is accepted (OPC 10000-4 §6.1.3), from the folders alone: nothing is fetched
/// from a network. What depends on the bytes and the folders only is remembered for a while, so that a client that
/// connects a thousand times costs one validation. Safe for several threads.
/// </summary>
public sealed class CertificateValidator
{
    private const int MostRemembered = 256;

    // A scan of the port with ever new certificates must fill neither log nor flash memory.
    private const int MostReportsPerMinute = 20;

    private static readonly TimeSpan ReportWindow = TimeSpan.FromMinutes(1);

    private readonly CertificateStore store;
    private readonly CertificateValidatorOptions options;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Lock gate = new();
    private readonly Dictionary<(string Id, CertificateRole Role), Remembered> remembered = [];
    private readonly HashSet<(string Id, CertificateProblem Problem)> reported = [];
    private long windowStart;

    /// <summary>Creates a validator over a pki folder.</summary>
    public CertificateValidator(
        CertificateStore store, CertificateValidatorOptions options, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        (this.store, this.options, this.time, this.logger) = (store, options, time, logger);
        windowStart = time.GetTimestamp();
    }

    /// <summary>Validates what a peer showed. A refusal is logged, and the certificate kept in
    /// <c>rejected</c>.</summary>
    /// <param name="chain">Bytes from the wire: the leaf, and its issuers behind it.</param>
    /// <param name="question">What it must be good for.</param>
    public CertificateVerdict Validate(ReadOnlySpan<byte> chain, CertificateQuestion question)
    {
        var verdict = Explain(chain, question);
        if (!verdict.IsAccepted) Report(verdict);
        return verdict;
    }

    /// <summary>Validates without a trace in log or folders: for showing why a certificate is refused.</summary>
    public CertificateVerdict Explain(ReadOnlySpan<byte> chain, CertificateQuestion question)
    {
        ArgumentNullException.ThrowIfNull(question);
        var known = Look(chain, question.Role);
        if (known.Leaf is not { } leaf) return known;
        if (QuestionProblems(leaf, question) is not { Count: > 0 } more) return known;
        return new CertificateVerdict(leaf, [.. known.Problems.Concat(more).OrderBy(static p => p.Check)]);
    }

    private static List<CertificateProblem>? QuestionProblems(ParsedCertificate leaf, CertificateQuestion question)
    {
        List<CertificateProblem>? found = null;
        if (question.Policy is { } policy && leaf.Key?.Fits(policy) == false)
        {
            Add(CertificateCheck.Policy, StatusCodes.BadCertificatePolicyCheckFailed,
                $"its key ({leaf.Key.Family}, {leaf.Key.Bits} bits) cannot be used with {policy}: choose another "
                + "security policy");
        }

        if (question is { Role: CertificateRole.Server, HostName: { } host } && !Names(leaf, host))
        {
            Add(CertificateCheck.HostName, StatusCodes.BadCertificateHostNameInvalid,
                $"it does not name the host '{Short(host)}' but {Listed(leaf)}: dial one of these, or have it renewed "
                + "with the right names");
        }

        if (question.ApplicationUri is { } uri && !leaf.Extensions.Uris.Contains(uri))
        {
            Add(CertificateCheck.ApplicationUri, StatusCodes.BadCertificateUriInvalid,
                $"it is for '{Short(leaf.Extensions.Uris.FirstOrDefault() ?? "no application")}', but the application "
                + $"calls itself '{Short(uri)}': make the two equal");
        }

        return found;

        void Add(CertificateCheck check, uint status, string text) =>
            (found ??= []).Add(new CertificateProblem(check, status, text));
    }

    private static bool Names(ParsedCertificate leaf, string host) =>
        IPAddress.TryParse(host, out var address)
            ? leaf.Extensions.Addresses.Contains(address)
                || leaf.Extensions.DnsNames.Contains(host) // some tools write addresses as names
            : leaf.Extensions.DnsNames.Contains(host, StringComparer.OrdinalIgnoreCase);

    private static string Listed(ParsedCertificate leaf)
    {
        var names = leaf.Extensions.DnsNames.Concat(leaf.Extensions.Addresses.Select(static a => a.ToString()))
            .Take(5).Select(static n => $"'{Short(n)}'").ToArray();
        return names.Length == 0 ? "none" : string.Join(", ", names);
    }

    /// <summary>What a peer wrote, fit for a log line.</summary>
    private static string Short(string text) =>
        string.Concat(text.Where(static c => !char.IsControl(c)).Take(120));

    private static CertificateVerdict Malformed(string text) => new(null,
        [new CertificateProblem(CertificateCheck.Structure, StatusCodes.BadCertificateInvalid, text)]);

    private CertificateVerdict Look(ReadOnlySpan<byte> chain, CertificateRole role)
    {
        if (chain.IsEmpty) return Malformed("no certificate was sent: the peer needs one for this security policy");
        if (chain.Length > options.MaxChainBytes)
            return Malformed($"the chain has {chain.Length} bytes, {options.MaxChainBytes} are the most");
        var current = store.Current();
        var key = (ParsedCertificate.IdOf(chain), role);
        var now = time.GetTimestamp();
        lock (gate)
        {
            if (remembered.TryGetValue(key, out var found) && found.Version == current.Version
                && time.GetElapsedTime(found.At, now) < options.RememberFor) return found.Verdict;
        }

        var verdict = Judge(chain, role, current);
        lock (gate)
        {
            if (remembered.Count >= MostRemembered) remembered.Clear();
            remembered[key] = new Remembered(verdict, current.Version, now);
        }

        return verdict;
    }

    private CertificateVerdict Judge(ReadOnlySpan<byte> bytes, CertificateRole role, TrustSnapshot current)
    {
        if (CertificateBytes.Split(bytes, options.MaxChainLength) is not { } parts)
            return Malformed("the bytes are no certificate, or have more behind it: the peer's certificate is damaged");
        if (!ParsedCertificate.TryParse(parts[0], out var leaf))
            return Malformed("the bytes are no certificate: the peer's certificate is damaged");

        var sent = new List<ParsedCertificate>();
        foreach (var part in parts.Skip(1))
        {
            if (ParsedCertificate.TryParse(part, out var issuer)) sent.Add(issuer);
        }

        // Verifying with a monstrous key is what a flood would want; such a key is refused before it is used.
        var chain = leaf.Key is { Family: KeyFamily.Rsa } key && key.Bits > options.MaxRsaKeyBits
            ? new CertificateChain([leaf], ChainEnd.Complete)
            : ChainBuilder.Build(leaf, sent, current, options.MaxChainLength);
        var problems = new ChainChecks(chain, role, current, options, time.GetUtcNow().UtcDateTime).Run();
        return new CertificateVerdict(leaf, [.. problems.OrderBy(static p => p.Check)]);
    }

    private void Report(CertificateVerdict verdict)
    {
        lock (gate)
        {
            var now = time.GetTimestamp();
            if (time.GetElapsedTime(windowStart, now) >= ReportWindow)
            {
                windowStart = now;
                reported.Clear();
            }

            if (reported.Count >= MostReportsPerMinute
                || !reported.Add((verdict.Leaf?.Id ?? "", verdict.Problems[0]))) return;
        }

        PkiLog.Refused(logger, verdict.Name, verdict.Leaf?.Thumbprint ?? "-", verdict.Reason!);
        if (verdict.Leaf is { } leaf) store.KeepRejected(leaf, verdict.Reason!);
    }

    private readonly record struct Remembered(
        CertificateVerdict Verdict, int Version, long At);
}
