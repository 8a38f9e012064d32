using System.CommandLine;
using Warder.Cli.Commands;
using Warder.Cli.Drills;
using Warder.Cli.Options;
using Warder.Cli.Output;
using Warder.Cli.Shells;
using Warder.Client;

namespace Warder.Cli.Nouns;

/// <summary><c>warder drill</c></summary>
internal static class DrillCommands
{
    private const int DefaultRounds = 10;
    private const int MaxRounds = 10_000;
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    public static Command Build(Shell shell) => new CliCommand(
        "drill",
        "Drills: tests of Warder's guarantees on a running installation.",
        "warder drill revocation")
    {
        Revocation(shell),
    };

    private static CliCommand Revocation(Shell shell)
    {
        var nodes = Urls("--node", "A node of Warder; repeat for more. [default: --url]");
        var applications = Urls(
            "--application",
            "An address of your application. It gets the key as a bearer token, and answers success, 401 or 403; repeat for more.");
        var rounds = Arguments.Number("--rounds", $"The number of keys. [default: {DefaultRounds}]");
        return new CliCommand(
            "revocation",
            "Issues a key, uses it through every verifier, revokes it, and measures for how long it still worked. "
                + "Exit code 1 if it worked after the revocation had returned.",
            "warder drill revocation",
            "warder drill revocation --node https://one:7443 --node https://two:7443 "
                + "--application https://api.example.com/posts --rounds 100")
        {
            nodes, applications, rounds,
        }
        .Does(shell, async call =>
        {
            var count = call.Get(rounds) ?? DefaultRounds;
            if (count is < 1 or > MaxRounds)
                throw new UsageException($"--rounds: 1 to {MaxRounds}.");
            var given = Addresses(call, nodes);
            using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = AnswerWithin };
            var addresses = given.Count == 0 ? [call.Address] : given;
            var own = addresses.ConvertAll(address => new NodeVerifier(address, call.ClientOf(address)));
            var replicas = addresses.ConvertAll(address => Replica(address, call));
            try
            {
                var ready = Task.WhenAll(replicas.Select(replica => replica.WaitUntilReady(call.Cancelled)));
                await ready.WaitAsync(ReadyWithin, call.Cancelled);
                var protectedByWarder = Addresses(call, applications).Select(address => new ApplicationVerifier(address, http));
                var verifiers = new List<DrillVerifier>([.. own, .. replicas, .. protectedByWarder]);
                var results = await new RevocationDrill(own, verifiers).Run(count, round => Progress(shell, round, count), call.Cancelled);
                return DrillReport.Print(call, results);
            }
            catch (TimeoutException e)
            {
                shell.Error.WriteLine($"warder: {Printable.From(e.Message)}");
                return ExitCode.Unavailable;
            }
            finally
            {
                foreach (var replica in replicas)
                    await replica.DisposeAsync();
            }
        });
    }

    // Creates a verifier as an application has one, which follows one node.
    private static ReplicaVerifier Replica(Uri node, Invocation call)
        => new(node, new WarderVerifier(new WarderVerifierOptions
        {
            Nodes = [node],
            ManagementKey = call.KeyFor(node).Reveal(),
            Name = ReplicaVerifier.ReplicaName,
            AllowInsecure = call.IsInsecure,
        }));

    private static void Progress(Shell shell, DrillRound round, int count)
    {
        if (!shell.IsErrorTerminal)
            return;
        var milliseconds = DrillReport.Milliseconds(round.CallMicroseconds);
        shell.Error.WriteLine(Printable.From($"  {round.KeyId}: revoked through {round.Through} in {milliseconds} ms ({count} in all)"));
    }

    private static Option<string[]> Urls(string name, string description) => new(name) { Description = description, HelpName = "URL" };

    private static List<Uri> Addresses(Invocation call, Option<string[]> option)
        => [.. (call.Many(option) ?? []).Select(text => Invocation.AddressOf(option.Name, text, call.IsInsecure))];
}
