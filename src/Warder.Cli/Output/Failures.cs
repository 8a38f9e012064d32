using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Client;
using Warder.Storage;

namespace Warder.Cli.Output;

/// <summary>
/// Prints errors with their remedies, and chooses exit codes. With <c>--json</c> an error is the API's error object, on standard error.
/// </summary>
internal static class Failures
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Reports a command line that cannot be parsed.</summary>
    public static int ReportUsage(Shell shell, ParseResult parsed) => ReportUsage(shell, parsed, [.. Messages(parsed)]);

    /// <summary>Reports a command line whose values are not valid.</summary>
    public static int ReportUsage(Shell shell, ParseResult parsed, params string[] messages)
    {
        if (IsJson(parsed))
            return Json(shell, "usage", string.Join(' ', messages.Select(OneLine)), null, [], ExitCode.Usage);
        foreach (var message in messages)
            shell.Error.WriteLine($"warder: {Safe(OneLine(message))}");
        shell.Error.WriteLine($"See: {string.Join(' ', Path(parsed))} --help");
        return ExitCode.Usage;
    }

    /// <summary>Reports a refusal of the server, or a server that does not answer.</summary>
    /// <param name="shell">The process's surroundings.</param>
    /// <param name="parsed">The command line.</param>
    /// <param name="failure">The failure.</param>
    /// <param name="hasKey">Whether a management key was found and sent.</param>
    public static int Report(Shell shell, ParseResult parsed, WarderException failure, bool hasKey)
    {
        var message = Message(failure, hasKey);
        if (IsJson(parsed))
            return Json(shell, failure.Code, message, failure.RequestId, failure.Errors, Code(failure));
        var request = failure.RequestId is { } id ? $", request {id}" : "";
        shell.Error.WriteLine($"warder: {Safe(message)} ({Printable.From(failure.Code + request)})");
        foreach (var error in failure.Errors)
            shell.Error.WriteLine($"  {Safe(error.Field)}: {Safe(error.Message)} ({Printable.From(error.Code)})");
        if (Advice(failure, hasKey) is { } advice)
            shell.Error.WriteLine($"  {advice}");
        return Code(failure);
    }

    /// <summary>Reports a data directory that cannot be used.</summary>
    public static int Report(Shell shell, ParseResult parsed, StorageException failure)
    {
        if (IsJson(parsed))
            return Json(shell, "storage", failure.Message, null, [], ExitCode.Unavailable);
        shell.Error.WriteLine($"warder: {Safe(failure.Message)}");
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

    private static string Message(WarderException failure, bool hasKey) => failure switch
    {
        { Status: 401 } when !hasKey => "No management key was found.",
        // The server repeats the fields in its message; they follow on their own lines.
        { Errors: [var first, ..] } when failure.Message.StartsWith($"{first.Field}: {first.Message}", StringComparison.Ordinal)
            => "The request is not valid.",
        { Code: WarderException.ConnectionFailed, InnerException: HttpRequestException { HttpRequestError: var error } }
            when Cause(error) is { } cause => failure.Message[..(failure.Message.IndexOf(": ", StringComparison.Ordinal) + 2)] + cause,
        _ => failure.Message,
    };

    private static string? Cause(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "its name cannot be resolved.",
        HttpRequestError.ConnectionError => "the connection is refused, or there is no route to it.",
        HttpRequestError.SecureConnectionError
            => "no TLS connection. Its certificate is self-signed, expired or for another name, or it does not speak TLS.",
        _ => null,
    };

    private static string? Advice(WarderException failure, bool hasKey) => failure switch
    {
        { Status: 401 } when hasKey
            => "The management key that was sent is not accepted: it is of another server, or has ended. "
                + $"Give another by {GlobalOptions.KeyFile} FILE or {GlobalOptions.KeyVariable}.",
        { Status: 401 }
            => $"Give a management key by {GlobalOptions.KeyFile} FILE, by {GlobalOptions.KeyVariable}, "
                + $"or in ./{GlobalOptions.LocalKeyFile}.",
        { Status: 403, Code: "insufficient_rights" }
            => "Use a management key that has the right, or add the right to it: warder management-keys update --help",
        { InnerException: HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } }
            => "To trust a certificate of your own, name its authority's file in the environment variable SSL_CERT_FILE.",
        { Code: WarderException.ConnectionFailed }
            => $"Start the server with warder serve, or give its address by {GlobalOptions.Url} or {GlobalOptions.UrlVariable}.",
        { Code: "outcome_unknown" } => "The change may have been made: check before you repeat it.",
        _ => null,
    };

    private static IEnumerable<string> Messages(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        foreach (var error in parsed.Errors)
        {
            var unmatched = parsed.UnmatchedTokens.FirstOrDefault(
                token => error.Message.Contains($"'{token}'", StringComparison.Ordinal));
            yield return unmatched is not null && Suggestion.For(unmatched, command) is { } near
                ? $"{error.Message.TrimEnd('.')}. Did you mean {near}?"
                : error.Message;
        }
    }

    // The parser's messages list the possible values on lines of their own.
    private static string OneLine(string message)
        => string.Join(' ', message.Split((char[])['\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries));

    private static string Safe(string message) => Printable.From(Redaction.Of(message));

    private static bool IsJson(ParseResult parsed) => parsed.Tokens.Any(token => token.Value == GlobalOptions.Json);

    private static int Json(
        Shell shell, string code, string message, string? requestId, IReadOnlyList<Contracts.Errors.FieldError> errors, int exitCode)
    {
        var body = new JsonObject { ["message"] = Redaction.Of(message), ["code"] = code };
        if (errors.Count > 0)
        {
            body["errors"] = new JsonArray([.. errors.Select(error => new JsonObject
            {
                ["field"] = Redaction.Of(error.Field), ["code"] = error.Code, ["message"] = Redaction.Of(error.Message),
            })]);
        }

        if (requestId is not null)
            body["request_id"] = requestId;
        shell.Error.WriteLine(Printable.Json(body.ToJsonString(Relaxed)));
        return exitCode;
    }

    private static List<string> Path(ParseResult parsed)
    {
        var path = new List<string>();
        for (var at = parsed.CommandResult; at is not null; at = at.Parent as CommandResult)
            path.Insert(0, at.Command is RootCommand ? "warder" : at.Command.Name);
        return path;
    }
}
