using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Warder.Cli.Commands;
using Warder.Cli.Output;
using Warder.Contracts;

namespace Warder.Cli.Drills;

/// <summary>Prints the results of a drill, as text or JSON.</summary>
internal static class DrillReport
{
    private sealed record Line(string Kind, string Name, int Validations, int AfterReturn, int Unanswered, long WindowMicroseconds);

    private static readonly IReadOnlyList<Field<Line>> Fields =
    [
        new("verifier", line => line.Kind, InList: true),
        new("at", line => line.Name, InList: true),
        new("validations", line => Text(line.Validations), InList: true),
        new("after_return", line => Text(line.AfterReturn), InList: true),
        new("unanswered", line => Text(line.Unanswered), InList: true),
        new("window_ms", line => Milliseconds(line.WindowMicroseconds), InList: true),
    ];

    /// <summary>Prints the results.</summary>
    /// <returns>Success if no verifier allowed a key after its revocation had returned, and every receipt verifies.</returns>
    public static int Print(Invocation call, IReadOnlyList<DrillRound> rounds)
    {
        var lines = rounds[0].Probes.Select((probe, i) => new Line(
            probe.Verifier.Kind,
            probe.Verifier.Name,
            rounds.Sum(round => round.Probes[i].Validations),
            rounds.Sum(round => round.Probes[i].AnswersAfterReturn),
            rounds.Sum(round => round.Probes[i].Unanswered),
            rounds.Max(round => round.WindowMicroseconds(round.Probes[i])))).ToList();
        var window = lines.Max(line => line.WindowMicroseconds);
        var doubtful = rounds.Where(round => round.ReceiptProblem is not null).ToList();
        if (call.IsJson)
        {
            call.Print(Json(rounds, lines, window));
        }
        else
        {
            Printer.List(call.Shell, Fields, lines);
            call.Shell.Out.WriteLine(window == 0
                ? $"Of {lines.Sum(line => line.AfterReturn)} validations that began after a revocation had returned, "
                    + $"none let the key in ({Printer.Count(rounds.Count, "key")})."
                : $"A revoked key was let in up to {Milliseconds(window)} ms after its revocation had returned.");
            var calls = rounds.Select(round => round.CallMicroseconds).Order().ToList();
            call.Shell.Out.WriteLine($"A revocation took {Milliseconds(calls[calls.Count / 2])} ms, at most {Milliseconds(calls[^1])} ms.");
            call.Shell.Out.WriteLine(doubtful.Count == 0
                ? $"{Printer.Count(rounds.Count, "receipt")} verified, and each names every replica of the drill: --json has them."
                : Printable.From($"The receipt of {doubtful[0].KeyId}: {doubtful[0].ReceiptProblem}."));
        }

        return window == 0 && doubtful.Count == 0 ? ExitCode.Ok : ExitCode.Refused;
    }

    public static string Milliseconds(long microseconds) => (microseconds / 1000.0).ToString("0.###", CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static JsonObject Json(IReadOnlyList<DrillRound> rounds, List<Line> lines, long window) => new()
    {
        ["window_microseconds"] = window,
        ["verifiers"] = new JsonArray([.. lines.Select(static line => (JsonNode)new JsonObject
        {
            ["kind"] = line.Kind,
            ["at"] = line.Name,
            ["validations"] = line.Validations,
            ["after_return"] = line.AfterReturn,
            ["unanswered"] = line.Unanswered,
            ["window_microseconds"] = line.WindowMicroseconds,
        })]),
        ["rounds"] = new JsonArray([.. rounds.Select(static round => (JsonNode)new JsonObject
        {
            ["api_key_id"] = round.KeyId,
            ["through"] = round.Through,
            ["call_microseconds"] = round.CallMicroseconds,
            // The start of each verifier's last validation that allowed the key. Negative: before the revocation returned.
            ["last_allowed_microseconds"] = new JsonArray(
                [.. round.Probes.Select(probe => (JsonNode)(probe.LastAllowedMicroseconds - round.ReturnedMicroseconds))]),
            ["receipt_verified"] = round.ReceiptProblem is null,
            ["receipt"] = round.Receipt is null ? null : JsonSerializer.SerializeToNode(round.Receipt, WarderJson.Wire.Receipt),
        })]),
    };
}
