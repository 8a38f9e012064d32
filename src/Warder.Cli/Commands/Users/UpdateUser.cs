using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Contracts.Directory;
using Warder.Contracts.Json;

namespace Warder.Cli.Commands.Users;

/// <summary><c>warder users update</c></summary>
internal static class UpdateUser
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Id("The user: user_…");
        var email = Arguments.Text("--email", "The e-mail address.", "ADDRESS");
        var first = Arguments.Text("--first-name", "Given name; \"\" clears it.");
        var last = Arguments.Text("--last-name", "Family name; \"\" clears it.");
        var external = Arguments.Text("--external-id", "Your own id for the user; \"\" clears it.", "ID");
        var verified = Arguments.Text("--email-verified", "Whether the address is known to be theirs.", "true|false");
        verified.AcceptOnlyFromAmong("true", "false");
        var metadata = Arguments.Metadata();
        return new CliCommand(
            "update",
            "Changes what is named, and leaves the rest.",
            "warder users update user_… --email ada@example.org",
            "warder users update user_… --last-name \"\"")
        {
            id, email, first, last, verified, external, metadata,
        }
        .Does(shell, async call =>
        {
            var pairs = call.Parsed.Pairs(metadata);
            var request = new UpdateUserRequest
            {
                Email = call.Parsed.PatchRequired(email),
                FirstName = call.Parsed.Patch(first),
                LastName = call.Parsed.Patch(last),
                EmailVerified = call.Parsed.GetValue(verified) is { } answer ? answer == "true" : default(Optional<bool>),
                ExternalId = call.Parsed.Patch(external),
                Metadata = pairs is null ? default : new(IsPresent: true, pairs),
            };
            if (request == new UpdateUserRequest())
                throw new UsageException("Nothing to change: see the options.");
            return call.Show(UserView.Fields, await call.Client.Users.UpdateAsync(call.Parsed.GetValue(id)!, request, call.Cancelled));
        });
    }
}
