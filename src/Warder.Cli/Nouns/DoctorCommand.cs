using System.CommandLine;
using System.Text.Json.Nodes;
using Warder.Cli.Commands;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Server.Health;

namespace Warder.Cli.Nouns;

/// <summary><c>warder doctor</c></summary>
internal static class DoctorCommand
{
    public static Command Build(Shell shell)
    {
        var settings = new ServeSettingOptions();
        return new CliCommand(
            "doctor",
            "Checks what serve would meet on this machine: directory, modes, disk, keys, database, clock, TLS, port. Changes nothing. "
                + "Exit code 1 if a check fails.",
            "warder doctor",
            "warder doctor --config /etc/warder/warder.json")
            .With([.. settings.Options])
            .Does(shell, call => Task.FromResult(Check(shell, call, settings)));
    }

    private static int Check(Shell shell, Invocation call, ServeSettingOptions settings)
    {
        var checks = InstallationChecks.Run(settings.Read(call));
        if (call.IsJson)
        {
            call.Print(new JsonObject
            {
                ["checks"] = new JsonArray([.. checks.Select(static check => new JsonObject
                {
                    ["name"] = check.Name, ["status"] = NameOf(check.Status), ["message"] = check.Message,
                })]),
            });
        }
        else
        {
            foreach (var check in checks)
                shell.Out.WriteLine($"{NameOf(check.Status),-4}  {check.Name,-16} {Printable.From(check.Message)}");
        }

        return checks.Any(static check => check.Status == CheckStatus.Fail) ? ExitCode.Refused : ExitCode.Ok;
    }

    private static string NameOf(CheckStatus status) => status switch
    {
        CheckStatus.Ok => "ok",
        CheckStatus.Warn => "warn",
        _ => "fail",
    };
}
