using System.CommandLine;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Keys;

/// <summary><c>warder keys</c></summary>
internal static class KeyCommands
{
    public static Command Build(Shell shell) => new CliCommand(
        "keys",
        "API keys: issue, find, change, end, validate.",
        "warder keys create --org org_… --name Production --permission posts:read",
        "warder keys list --org org_…",
        "warder keys rotate api_key_… --overlap 3600")
    {
        IssueKey.Build(shell),
        ListKeys.Build(shell),
        ShowKey.Build(shell),
        UpdateKey.Build(shell),
        RotateKey.Build(shell),
        ExpireKey.Build(shell),
        RevokeKey.Build(shell),
        SuspendKey.Build(shell),
        ResumeKey.Build(shell),
        DeleteKey.Build(shell),
        ValidateKey.Build(shell),
        ImportKeys.Build(shell),
    };
}
