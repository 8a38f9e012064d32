using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;
using Warder.Contracts.Directory;

namespace Warder.Cli.Commands.Users;

/// <summary><c>warder users create</c></summary>
internal static class CreateUser
{
    public static Command Build(Shell shell)
    {
        var email = Arguments.Required("--email", "The e-mail address.", "ADDRESS");
        var first = Arguments.Text("--first-name", "Given name.");
        var last = Arguments.Text("--last-name", "Family name.");
        var external = Arguments.Text("--external-id", "Your own id for the user.", "ID");
        var verified = new Option<bool>("--email-verified") { Description = "The address is known to be theirs." };
        var metadata = Arguments.Metadata();
        return new CliCommand(
            "create",
            "Creates a user.",
            "warder users create --email ada@example.com --first-name Ada --last-name Lovelace")
        {
            email, first, last, verified, external, metadata,
        }
        .Does(shell, async call =>
        {
            var request = new CreateUserRequest
            {
                Email = call.Parsed.GetValue(email)!,
                FirstName = call.Parsed.GetValue(first),
                LastName = call.Parsed.GetValue(last),
                EmailVerified = call.Parsed.GetValue(verified) ? true : null,
                ExternalId = call.Parsed.GetValue(external),
                Metadata = call.Parsed.Pairs(metadata),
            };
            return call.Show(UserView.Fields, await call.Client.Users.CreateAsync(request, cancellationToken: call.Cancelled));
        });
    }
}
