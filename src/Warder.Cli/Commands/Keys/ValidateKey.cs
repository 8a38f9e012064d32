using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Client;

namespace Warder.Cli.Commands.Keys;

/// <summary><c>warder keys validate</c></summary>
internal static class ValidateKey
{
    private static readonly IReadOnlyList<Field<KeyDecision>> Fields =
    [
        new("decision", answer => answer.IsAllowed ? "allow" : "deny"),
        new("code", answer => answer.Code),
        new("id", answer => answer.KeyId),
        new("name", answer => answer.Key?.Name),
        new("owner", answer => answer.Key is { } key ? KeyView.Owner(key.Owner) : null),
        new("permissions", answer => answer.IsAllowed ? Shown.Many(answer.Permissions) : null),
        new("expires_at", answer => Shown.Time(answer.Key?.ExpiresAt)),
    ];

    public static Command Build(Shell shell)
    {
        var value = new Option<string>("--value-file")
        {
            Description = "The file that holds the key's secret, or - for standard input.",
            HelpName = "FILE|-",
            DefaultValueFactory = _ => "-",
        };
        var permissions = Arguments.Permissions("What it must have; repeat for more.");
        var atLeast = Arguments.Number<long>("--at-least", "Answer from a state that includes the event of this sequence number.");
        return new CliCommand(
            "validate",
            "Asks whether a key is good: exit code 0 if it is, 1 if it is not. The secret is read from a file or standard input.",
            "warder keys validate < secret.txt",
            "warder keys validate --value-file secret.txt --permission posts:read")
        {
            value, permissions, atLeast,
        }
        .Does(shell, async call =>
        {
            var source = call.Parsed.GetValue(value)!;
            if (source == "-" && call.Parsed.GetValue<string?>(GlobalOptions.KeyFile) == "-")
                throw new UsageException("--value-file and --key-file cannot both be standard input: put one in a file.");
            var client = call.Client;
            var answer = await client.Keys.ValidateAsync(SecretSource.Read(shell, source), call.Parsed.Many(permissions), call.Parsed.GetValue(atLeast), call.Cancelled);
            call.Show(Fields, answer);
            return answer.IsAllowed ? ExitCode.Ok : ExitCode.Refused;
        });
    }
}
