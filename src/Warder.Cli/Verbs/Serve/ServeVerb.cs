using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Server.Hosting;

namespace Warder.Cli.Verbs.Serve;

/// <summary><c>warder serve</c></summary>
internal static class ServeVerb
{
    public static Command Build(Shell shell)
    {
        var data = new Option<string>("--data")
        {
            Description = "The directory of the database and the keys; made if it is not there.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "./data",
        };
        var listen = new Option<string>("--listen")
        {
            Description = "Where to listen.",
            HelpName = "URL",
            DefaultValueFactory = _ => "http://127.0.0.1:7070",
        };
        var certificate = Arguments.Text("--tls-cert", "The certificate chain, PEM; with --tls-key.", "FILE");
        var key = Arguments.Text("--tls-key", "The certificate's private key, PEM.", "FILE");
        var insecure = new Option<bool>("--insecure") { Description = "Allows plain http beyond this machine: for behind a proxy that ends TLS." };
        return new Verb(
            "serve",
            "Runs the server.",
            "warder serve",
            "warder serve --data /var/lib/warder --listen https://0.0.0.0:7443 --tls-cert cert.pem --tls-key key.pem")
        {
            data, listen, certificate, key, insecure,
        }
        .Does(shell, call =>
        {
            var parsed = call.Parsed;
            if (parsed.GetValue(certificate) is null != parsed.GetValue(key) is null)
                throw new UsageException("--tls-cert and --tls-key go together.");
            if (!Uri.TryCreate(parsed.GetValue(listen), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
                throw new UsageException("--listen must be an http or https URL, such as http://127.0.0.1:7070.");
            if (address.Scheme == "https" && parsed.GetValue(certificate) is null)
                throw new UsageException("--listen https needs --tls-cert and --tls-key.");
            return WarderHost.RunAsync(
                new ServeOptions
                {
                    DataDirectory = parsed.GetValue(data)!,
                    Listen = parsed.GetValue(listen)!,
                    TlsCertificateFile = parsed.GetValue(certificate),
                    TlsKeyFile = parsed.GetValue(key),
                    Insecure = parsed.GetValue(insecure),
                },
                call.Cancelled);
        });
    }
}
