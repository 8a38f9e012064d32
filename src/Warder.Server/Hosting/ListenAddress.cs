using System.Net;
using System.Security.Cryptography;
using Warder.Core.Faults;
using Warder.Storage;

namespace Warder.Server.Hosting;

/// <summary>The checked address that the server listens on.</summary>
/// <param name="Endpoint">Address and port.</param>
/// <param name="Certificate">The certificate for https; null for http.</param>
internal sealed record ListenAddress(IPEndPoint Endpoint, ServerCertificate? Certificate)
{
    /// <summary>
    /// Parses and checks the options. Without TLS, only a loopback address is allowed, unless the operator sets <c>--insecure</c>.
    /// </summary>
    public static Result<ListenAddress> Parse(ServeOptions options)
    {
        if (!Uri.TryCreate(options.Listen, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")
            || url.PathAndQuery != "/")
            return Fault.Field(
                "--listen", "invalid_format",
                $"'{options.Listen}' is no address to listen on. Write http://127.0.0.1:7070 or https://0.0.0.0:7443.");
        var host = url.Host.Trim('[', ']');
        var address = string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback : null;
        if (address is null && !IPAddress.TryParse(host, out address))
            return Fault.Field(
                "--listen", "invalid_format", $"'{host}' is no IP address. Name the address to listen on; 0.0.0.0 is every one.");
        if ((options.TlsCertificatePath is null) != (options.TlsKeyPath is null))
            return Fault.Field("--tls-cert", "required", "--tls-cert and --tls-key go together.");
        var tls = url.Scheme == "https";
        if (tls && options.TlsCertificatePath is null)
            return Fault.Field("--tls-cert", "required", "An https address needs --tls-cert and --tls-key.");
        if (!tls && options.TlsCertificatePath is not null)
            return Fault.Field("--listen", "invalid_value", "With a certificate, the address begins with https://.");
        if (!tls && !IPAddress.IsLoopback(address) && !options.Insecure)
        {
            return Fault.Field(
                "--listen", "insecure",
                $"{options.Listen} would carry keys in the clear over a network."
                + " Use https with --tls-cert and --tls-key; or, behind a proxy that does, --insecure.");
        }

        try
        {
            var certificate = tls ? ServerCertificate.Load(options.TlsCertificatePath!, options.TlsKeyPath!) : null;
            return new ListenAddress(new IPEndPoint(address, url.Port), certificate);
        }
        catch (StorageException e)
        {
            return Fault.Field("--tls-key", "insecure", e.Message);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return Fault.Field("--tls-cert", "invalid_value", $"The certificate or its key cannot be read: {e.Message}");
        }
    }
}
