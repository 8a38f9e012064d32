using System.CommandLine;
using Warder.Cli.Options;
using Warder.Cli.Shells;

namespace Warder.Cli.Commands.Keys;

/// <summary><c>warder keys expire</c></summary>
internal static class ExpireKey
{
    public static Command Build(Shell shell)
    {
        var id = Arguments.Id("The key: api_key_…");
        var at = Arguments.Text("--at", "When: 2026-12-31, 30d from now, or never, which clears what is scheduled. [default: now]", "TIME");
        var dryRun = Arguments.DryRun();
        return new CliCommand(
            "expire",
            "Ends the key now, or schedules its end.",
            "warder keys expire api_key_…",
            "warder keys expire api_key_… --at 30d",
            "warder keys expire api_key_… --dry-run")
        {
            id, at, dryRun,
        }
        .Does(shell, async call =>
        {
            var key = call.Parsed.GetValue(id)!;
            var time = call.Parsed.GetValue(at);
            if (call.Parsed.GetValue(dryRun))
            {
                return time is null
                    ? call.ShowDryRun(await call.Client.Keys.PreviewExpireAsync(key, call.Cancelled), KeyView.Fields)
                    : throw new UsageException("--dry-run shows what would end now: leave out --at.");
            }

            var expired = time is null
                ? await call.Client.Keys.ExpireAsync(key, call.Cancelled)
                : await call.Client.Keys.ExpireAsync(key, TimeText.AheadOrNever(at.Name, time, shell.Now()), call.Cancelled);
            return call.Show(KeyView.Fields, expired);
        });
    }
}
