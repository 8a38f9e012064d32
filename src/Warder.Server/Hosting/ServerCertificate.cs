using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Warder.Core.Time;
using Warder.Engine.Secrets;
using Warder.Server.Health;
using Warder.Storage;

namespace Warder.Server.Hosting;

/// <summary>
/// The certificate of the server, with its chain, from two files in PEM. A change of either file is noticed within a second, also where a
/// symbolic link above them is exchanged. Handshakes get the new pair once it is complete and valid; until then they get the old one.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed partial class ServerCertificate : IDisposable
{
    private const int PeriodMilliseconds = 1_000;
    private const int MostBytes = 1 << 20;

    private readonly string certificatePath;
    private readonly string keyPath;
    private readonly Lock gate = new();
    private ILogger logger = NullLogger.Instance;
    private Timer? timer;
    private volatile SslStreamCertificateContext current;
    private volatile HealthProblem? problem;
    private string loaded;

    // The content of a pair that could not be used, as the last look found it. Two files are rarely written at once: a pair is bad only if
    // the next look finds it again.
    private string? refused;

    private ServerCertificate(string certificatePath, string keyPath)
    {
        (this.certificatePath, this.keyPath) = (certificatePath, keyPath);
        var files = ReadFiles();
        (current, loaded) = (Create(files), files.Digest);
    }

    /// <summary>The certificate for a new connection.</summary>
    public SslStreamCertificateContext Current => current;

    /// <summary>The reason why the files' present pair is not used; null: it is.</summary>
    public HealthProblem? Problem => problem;

    /// <summary>The end of the certificate's validity.</summary>
    public DateTime NotAfter => current.TargetCertificate.NotAfter.ToUniversalTime();

    /// <summary>Reads the files.</summary>
    /// <exception cref="StorageException">Other users of the machine can read or change the key.</exception>
    /// <exception cref="CryptographicException">The certificate or the key is not valid, or they do not belong together.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file cannot be read.</exception>
    public static ServerCertificate Load(string certificatePath, string keyPath) => new(certificatePath, keyPath);

    /// <summary>Begins to look for changes.</summary>
    public void Watch(ILogger log)
    {
        logger = log;
        timer = new Timer(
            static state => ((ServerCertificate)state!).Look(isRequested: false), this, PeriodMilliseconds, PeriodMilliseconds);
    }

    /// <summary>Reads the files again, and uses their pair if it is valid.</summary>
    /// <param name="isRequested">Whether an operator requests it: then a bad pair is reported at once.</param>
    public void Look(bool isRequested)
    {
        lock (gate)
        {
            var digest = "unreadable";
            try
            {
                var files = ReadFiles();
                digest = files.Digest;
                if (digest == loaded)
                {
                    Accept(digest);
                    return;
                }

                current = Create(files);
                Accept(digest);
                LogLoaded(current.TargetCertificate.Subject, NotAfter);
            }
            catch (Exception e)
            {
                // Every exception is caught: a timer callback that throws ends the process.
                Refuse(digest, e.Message, isRequested);
            }
        }
    }

    public void Dispose() => timer?.Dispose();

    private void Accept(string digest)
    {
        if (problem is not null)
            LogMended();
        (loaded, refused, problem) = (digest, null, null);
    }

    private void Refuse(string digest, string reason, bool isRequested)
    {
        var isSecondLook = refused == digest;
        refused = digest;
        if (!isRequested && !isSecondLook)
            return;
        if (problem is null || problem.Message != reason)
            LogRefused(reason.TrimEnd('.'), NotAfter);
        problem = new HealthProblem(
            "tls_certificate", reason, problem?.Since ?? DateTimeOffset.FromUnixTimeMilliseconds(Clock.System.Now().UnixMilliseconds),
            IsBlocking: false);
    }

    private (string Certificate, string Key, string Digest) ReadFiles()
    {
        ProtectedPath.RequireNamedFile(keyPath);
        var (certificate, key) = (ReadFile(certificatePath), ReadFile(keyPath));
        return (certificate, key, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(certificate + "\0" + key))));
    }

    private static string ReadFile(string path)
        => new FileInfo(path) is { Exists: true, Length: > MostBytes }
            ? throw new IOException($"{path} is too long for a certificate.")
            : File.ReadAllText(path);

    // The rest of the chain is sent too. Nothing is fetched over a network.
    private static SslStreamCertificateContext Create((string Certificate, string Key, string Digest) files)
    {
        X509Certificate2 leaf;
        try
        {
            leaf = X509Certificate2.CreateFromPem(files.Certificate, files.Key);
        }
        catch (ArgumentException e)
        {
            throw new CryptographicException("The key does not belong to the certificate.", e);
        }

        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(files.Certificate);
        chain.RemoveAt(0);
        return SslStreamCertificateContext.Create(leaf, chain, offline: true);
    }

    [LoggerMessage(LogLevel.Information, "The TLS certificate was read again: {Subject}, valid until {NotAfter:u}")]
    private partial void LogLoaded(string subject, DateTime notAfter);

    [LoggerMessage(LogLevel.Warning, "The files of the TLS certificate and its key are usable again")]
    private partial void LogMended();

    [LoggerMessage(
        LogLevel.Error,
        "The TLS certificate and its key have changed and cannot be used: {Problem}. The pair from before stays, valid until {NotAfter:u}")]
    private partial void LogRefused(string problem, DateTime notAfter);
}
