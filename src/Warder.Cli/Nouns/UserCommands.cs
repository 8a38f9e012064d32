using System.CommandLine;
using Warder.Cli.Commands;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Client.Directory;
using Warder.Contracts.Directory;
using Warder.Contracts.Json;

namespace Warder.Cli.Nouns;

/// <summary><c>warder users</c></summary>
internal static class UserCommands
{
    private static readonly IReadOnlyList<Field<User>> Fields =
    [
        new("id", user => user.Id, InList: true),
        new("email", user => user.Email, InList: true),
        new("first_name", user => user.FirstName, InList: true),
        new("last_name", user => user.LastName, InList: true),
        new("email_verified", user => Shown.YesNo(user.EmailVerified)),
        new("external_id", user => user.ExternalId, InList: true),
        new("metadata", user => Shown.Pairs(user.Metadata)),
        new("created_at", user => Shown.Time(user.CreatedAt), InList: true),
        new("updated_at", user => Shown.Time(user.UpdatedAt)),
    ];

    private static readonly IReadOnlyList<Field<Erasure>> ErasureFields =
    [
        new("user_id", erasure => erasure.UserId),
        new("values_erased", erasure => erasure.ValuesErased.ToString()),
    ];

    public static Command Build(Shell shell)
    {
        var noun = new Noun<User>(shell, () => Arguments.Id("The user: user_…"), Fields);
        return new CliCommand(
            "users",
            "Users: people, with keys in the organizations that they belong to.",
            "warder users create --email ada@example.com",
            "warder users list --org org_…",
            "warder users delete user_… --dry-run")
        {
            Create(noun),
            List(noun),
            noun.Show(
                "Shows one user.",
                ["warder users show user_…", "warder users show --external-id 42"],
                Arguments.Text("--external-id", "Your own id for the user, in place of ID.", "ID"),
                client => client.Users.GetAsync,
                client => client.Users.GetByExternalIdAsync),
            Update(noun),
            noun.Delete(
                "Deletes a user and ends their keys for good.",
                ["warder users delete user_…", "warder users delete user_… --dry-run"],
                client => client.Users.DeleteAsync,
                client => client.Users.PreviewDeleteAsync),
            new Noun<Erasure>(shell, () => Arguments.Id("The deleted user: user_…"), ErasureFields).On(
                "erase",
                "Erases a deleted user's names and addresses from the records and the log.",
                ["warder users erase user_…"],
                [],
                (call, id) => call.Client.Users.EraseAsync(id, call.Cancelled)),
        };
    }

    private static CliCommand Create(Noun<User> noun)
    {
        var email = Arguments.Required("--email", "The e-mail address.", "ADDRESS");
        var first = Arguments.Text("--first-name", "Given name.");
        var last = Arguments.Text("--last-name", "Family name.");
        var external = Arguments.Text("--external-id", "Your own id for the user.", "ID");
        var verified = Arguments.Flag("--email-verified", "The address is known to belong to the user.");
        var metadata = Arguments.Metadata();
        return noun.Create(
            "Creates a user.",
            ["warder users create --email ada@example.com --first-name Ada --last-name Lovelace"],
            [email, first, last, verified, external, metadata],
            call => call.Client.Users.CreateAsync(
                new CreateUserRequest
                {
                    Email = call.Get(email),
                    FirstName = call.Get(first),
                    LastName = call.Get(last),
                    EmailVerified = call.Get(verified) ? true : null,
                    ExternalId = call.Get(external),
                    Metadata = call.Pairs(metadata),
                },
                cancellationToken: call.Cancelled));
    }

    private static CliCommand List(Noun<User> noun)
    {
        var email = Arguments.Text("--email", "Users with this e-mail address.", "ADDRESS");
        var organization = Arguments.Organization("Members of this organization.");
        return noun.List(
            "Lists users, newest first.",
            ["warder users list --email ada@example.com", "warder users list --org org_… --all"],
            [email, organization],
            call => new UserQuery { Email = call.Get(email), OrganizationId = call.Get(organization) },
            client => client.Users.ListAsync);
    }

    private static CliCommand Update(Noun<User> noun)
    {
        var email = Arguments.Text("--email", "The e-mail address.", "ADDRESS");
        var first = Arguments.Text("--first-name", "Given name; \"\" clears it.");
        var last = Arguments.Text("--last-name", "Family name; \"\" clears it.");
        var external = Arguments.Text("--external-id", "Your own id for the user; \"\" clears it.", "ID");
        var verified = Arguments.Text("--email-verified", "Whether the address is known to belong to the user.", "true|false");
        verified.AcceptOnlyFromAmong("true", "false");
        var metadata = Arguments.MetadataPatch();
        return noun.Update(
            "Changes the given fields, and leaves the rest.",
            ["warder users update user_… --email ada@example.org", "warder users update user_… --last-name \"\""],
            [email, first, last, verified, external, metadata],
            call => new UpdateUserRequest
            {
                Email = call.PatchRequired(email),
                FirstName = call.Patch(first),
                LastName = call.Patch(last),
                EmailVerified = call.Get(verified) is { } answer ? answer == "true" : default(Optional<bool>),
                ExternalId = call.Patch(external),
                Metadata = call.PatchPairs(metadata),
            },
            client => client.Users.UpdateAsync,
            namesOptions: false);
    }
}
