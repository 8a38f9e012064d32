using System.CommandLine;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Users;

/// <summary><c>warder users</c></summary>
internal static class UserCommands
{
    public static Command Build(Shell shell) => new CliCommand(
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
