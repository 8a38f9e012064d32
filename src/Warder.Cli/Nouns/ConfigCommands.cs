using System.CommandLine;
using System.Text.Json.Nodes;
using Warder.Cli.Commands;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Server.Configuration;

namespace Warder.Cli.Nouns;

/// <summary><c>warder config</c></summary>
internal static class ConfigCommands
{
    private static readonly IReadOnlyList<Field<GivenSetting>> Fields =
    [
        new("setting", given => given.Setting.Name, InList: true),
        new("value", ValueOf, InList: true),
        new("source", given => given.Source, InList: true),
    ];

    public static Command Build(Shell shell) => new CliCommand("config", "The configuration of a server.", "warder config check")
    {
        Check(shell),
    };

    private static CliCommand Check(Shell shell)
    {
        var settings = new ServeSettingOptions();
        return new CliCommand(
            "check",
            "Checks the configuration that serve would use, from its flags, the environment and the file; shows each setting's source.",
            "warder config check",
            "warder config check --config /etc/warder/warder.json")
            .With([.. settings.Options])
            .Does(shell, call =>
            {
                var given = settings.Given(call);
                settings.Resolve(call).Check();
                if (call.IsJson)
                    call.Print(Json(settings.File(call)?.Path, given));
                else
                    Printer.List(shell, Fields, given);
                return Task.FromResult(ExitCode.Ok);
            });
    }

    private static JsonObject Json(string? file, IReadOnlyList<GivenSetting> given) => new()
    {
        ["file"] = file,
        ["settings"] = new JsonArray([.. given.Select(static each => new JsonObject
        {
            ["name"] = each.Setting.Name, ["value"] = ValueOf(each), ["source"] = each.Source,
        })]),
    };

    private static string ValueOf(GivenSetting given) => string.Join(", ", given.Values);
}
