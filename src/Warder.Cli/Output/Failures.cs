using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Client;
using Warder.Storage;

namespace Warder.Cli.Output;

/// <summary>Prints errors with their remedies, and chooses exit codes.</summary>
internal static class Failures
{
    /// <summary>Reports a command line that cannot be parsed.</summary>
    public static int ReportUsage(Shell shell, ParseResult parsed)
    {
        foreach (var error in parsed.Errors)
            shell.Error.WriteLine($"warder: {Printable.From(error.Message)}");
        return Hint(shell, parsed);
    }

    /// <summary>Reports a command line whose values are not valid.</summary>
    public static int ReportUsage(Shell shell, ParseResult parsed, string message)
    {
        shell.Error.WriteLine($"warder: {Printable.From(message)}");
        return Hint(shell, parsed);
    }

    /// <summary>Reports a refusal of the server, or a server that does not answer.</summary>
    public static int Report(Shell shell, WarderException failure)
    {
        var request = failure.RequestId is { } id ? $", request {id}" : "";
        shell.Error.WriteLine($"warder: {Printable.From(failure.Message)} ({Printable.From(failure.Code + request)})");
        foreach (var error in failure.Errors)
            shell.Error.WriteLine($"  {Printable.From(error.Field)}: {Printable.From(error.Message)} ({Printable.From(error.Code)})");
        if (Advice(failure) is { } advice)
            shell.Error.WriteLine($"  {advice}");
        return Code(failure);
    }

    /// <summary>Reports a data directory that cannot be used.</summary>
    public static int Report(Shell shell, StorageException failure)
    {
        shell.Error.WriteLine($"warder: {Printable.From(failure.Message)}");
        return ExitCode.Unavailable;
    }

    /// <summary>Returns the exit code of a failure.</summary>
    public static int Code(WarderException failure) => failure switch
    {
        { IsUnavailable: true } => ExitCode.Unavailable,
        { Status: 401 or 403 } => ExitCode.NotAuthorized,
        { Status: 404 } => ExitCode.NotFound,
        _ => ExitCode.Refused,
    };

    private static string? Advice(WarderException failure) => failure switch
    {
        { Status: 401 }
            => $"Give a management key by {GlobalOptions.KeyFile} FILE, by {GlobalOptions.KeyVariable}, "
                + $"or in ./{GlobalOptions.LocalKeyFile}.",
        { Status: 403, Code: "insufficient_rights" }
            => "Use a management key that has the right, or add the right to it: warder management-keys update --help",
        { Code: WarderException.ConnectionFailed }
            => $"Start the server with warder serve, or give its address by {GlobalOptions.Url} or {GlobalOptions.UrlVariable}.",
        { Code: "outcome_unknown" } => "The change may have been made: check before you repeat it.",
        _ => null,
    };

    private static int Hint(Shell shell, ParseResult parsed)
    {
        var path = new List<string>();
        for (var at = parsed.CommandResult; at is not null; at = at.Parent as System.CommandLine.Parsing.CommandResult)
            path.Insert(0, at.Command is RootCommand ? "warder" : at.Command.Name);
        shell.Error.WriteLine($"See: {string.Join(' ', path)} --help");
        return ExitCode.Usage;
    }
}
