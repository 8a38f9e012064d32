using System.CommandLine;
using Warder.Cli.Shells;

namespace Warder.Cli.Verbs.Users;

/// <summary><c>warder users</c></summary>
internal static class UserVerbs
{
    public static Command Build(Shell shell) => new Verb(
        "users",
        "Users: people, who own keys in the organizations that they belong to.",
        "warder users create --email ada@example.com",
        "warder users list --org org_…",
        "warder users delete user_… --dry-run")
    {
        CreateUser.Build(shell),
        ListUsers.Build(shell),
        ShowUser.Build(shell),
        UpdateUser.Build(shell),
        DeleteUser.Build(shell),
        EraseUser.Build(shell),
    };
}
