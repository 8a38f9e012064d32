using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Warder.Server.Tests.Hosting;

/// <summary>A certificate with its key and its issuer, as a test writes them to files.</summary>
internal sealed record TestCertificate(string Chain, string Key, string Thumbprint, string IssuerThumbprint)
{
    /// <summary>Creates a certificate with an issuer of its own.</summary>
    public static TestCertificate Create(string name)
    {
        var (from, to) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var root = Authority("root of " + name, rootKey).CreateSelfSigned(from, to);
        using var issuerKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signed = Authority("issuer of " + name, issuerKey).Create(root, from, to, RandomNumberGenerator.GetBytes(8));
        using var issuer = signed.CopyWithPrivateKey(issuerKey);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        using var leaf = request.Create(issuer, from, to.AddDays(-1), RandomNumberGenerator.GetBytes(8));
        return new TestCertificate(
            leaf.ExportCertificatePem() + "\n" + issuer.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n",
            leaf.Thumbprint, issuer.Thumbprint);
    }

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request;
    }

    /// <summary>Writes the chain and the key; the key for its owner only.</summary>
    public void Write(string chainPath, string keyPath)
    {
        WriteKey(keyPath);
        File.WriteAllText(chainPath, Chain);
    }

    /// <summary>Writes the key for its owner only.</summary>
    public void WriteKey(string path)
    {
        File.WriteAllText(path, Key);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>Makes a handshake, and returns the thumbprints of the certificates that the server sent.</summary>
    public static async Task<string[]> SentByAsync(string address)
    {
        var server = new Uri(address);
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port);
        string[] sent = [];
        using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, leaf, chain, _) =>
        {
            sent = [leaf!.GetCertHashString(), .. chain!.ChainPolicy.ExtraStore.Select(static each => each.Thumbprint)];
            return true;
        });
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "warder.example.com" });
        return sent;
    }
}
