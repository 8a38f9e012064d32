namespace Warder.Server.Hosting;

/// <summary>How <c>warder serve</c> runs.</summary>
public sealed record ServeOptions
{
    /// <summary>How to connect to PostgreSQL; null: the embedded database in the data directory. It may hold a password.</summary>
    public Core.Secrets.Plaintext? Database { get; init; }

    /// <summary>The directory of the embedded database, and of what a node has of its own.</summary>
    public string DataDirectory { get; init; } = "data";

    /// <summary>Where to listen: an absolute http or https URL without a path. Port 0: any free one.</summary>
    public string Listen { get; init; } = "http://127.0.0.1:7070";

    /// <summary>A certificate chain in PEM, for https.</summary>
    public string? TlsCertificatePath { get; init; }

    /// <summary>The certificate's private key in PEM.</summary>
    public string? TlsKeyPath { get; init; }

    /// <summary>Whether to listen without TLS on an address that is not this machine's own.</summary>
    public bool Insecure { get; init; }

    /// <summary>The root key's file, if it is not in the data directory.</summary>
    public string? RootKeyPath { get; init; }

    /// <summary>The first management key, if it is not to be made: a well-formed <c>wdrm_…</c> token. Read only when there is none yet.</summary>
    public Core.Secrets.Plaintext? ManagementKey { get; init; }
}
