using System.CommandLine;

namespace Warder.Cli.Options;

/// <summary>The options of every command.</summary>
internal static class GlobalOptions
{
    public const string Url = "--url";
    public const string KeyFile = "--key-file";
    public const string Json = "--json";
    public const string Insecure = "--insecure";

    /// <summary>The environment variable that replaces <see cref="Url"/>.</summary>
    public const string UrlVariable = "WARDER_URL";

    /// <summary>The environment variable that contains the management key. It replaces <see cref="KeyFile"/>.</summary>
    public const string KeyVariable = "WARDER_MANAGEMENT_KEY";

    /// <summary>The file in which a server on this machine writes its first management key, relative to its working directory.</summary>
    public const string LocalKeyFile = "data/management-key";

    /// <summary>Creates the options. Each command line needs its own.</summary>
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
            Description = $"The file that holds the management key, or - for standard input. "
                + $"[default: {KeyVariable}, or, for a server on this machine, ./{LocalKeyFile}]",
            HelpName = "FILE|-",
            Recursive = true,
        },
        new Option<bool>(Json)
        {
            Description = "Print the API's JSON unchanged; on a terminal, with escapes for characters that would control it.",
            Recursive = true,
        },
        new Option<bool>(Insecure)
        {
            Description = "Allow plain http beyond this machine: to the server; or for serve on its address, behind a proxy that ends TLS.",
            Recursive = true,
        },
    ];
}
