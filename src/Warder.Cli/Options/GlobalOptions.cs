using System.CommandLine;

namespace Warder.Cli.Options;

/// <summary>The options that every verb has.</summary>
internal static class GlobalOptions
{
    public const string Url = "--url";
    public const string KeyFile = "--key-file";
    public const string Json = "--json";
    public const string Insecure = "--insecure";

    /// <summary>The environment variable that stands in for <see cref="Url"/>.</summary>
    public const string UrlVariable = "WARDER_URL";

    /// <summary>The environment variable that stands in for <see cref="KeyFile"/>, and holds the key itself.</summary>
    public const string KeyVariable = "WARDER_MANAGEMENT_KEY";

    /// <summary>Where a server on this machine writes its first management key, seen from where it was started.</summary>
    public const string LocalKeyFile = "data/management-key";

    /// <summary>Fresh ones: an option belongs to one command line.</summary>
    public static IEnumerable<Option> Create() =>
    [
        new Option<string?>(Url)
        {
            Description = $"The server. [default: {UrlVariable}, or http://127.0.0.1:7070]",
            HelpName = "URL",
            Recursive = true,
        },
        new Option<string?>(KeyFile)
        {
            Description = $"The file that holds the management key, or - for standard input. [default: {KeyVariable}, or, for a server on this machine, ./{LocalKeyFile}]",
            HelpName = "FILE|-",
            Recursive = true,
        },
        new Option<bool>(Json) { Description = "Print JSON: the API's, as it came; on a terminal with escapes for what would act upon it.", Recursive = true },
        new Option<bool>(Insecure) { Description = "Allows plain http beyond this machine: to the server, or for serve, behind a proxy that ends TLS, on its address.", Recursive = true },
    ];
}
