using System.Diagnostics;
using Warder.Bench.Data;
using Warder.Bench.Http;
using Warder.Bench.Peers;
using Warder.Bench.Replicas;

namespace Warder.Bench.Claims;

/// <summary>
/// One thread that validates one key after another, three ways in one run: in the application's process with Warder; over HTTP with Warder,
/// on one connection; and in the application's process with Better Auth's API keys, kept in that process. The last is measured when it is
/// asked for by its name.
/// </summary>
internal sealed class ReplicaPeers : Claim
{
    private const int Keys = 1_000;
    private const int Batch = 500;

    public override string Name => "replica/peers";

    public override bool OnRequest => true;

    public override IEnumerable<Row> Measure(Bench bench)
    {
        BetterAuth.Install();
        var seconds = bench.Rounds(9) / 3.0;
        var database = bench.Database(Keys);
        var random = new Random(1);
        SerialLoad replica, http;
        using (var keys = new FollowedKeys(database, Keys))
        {
            void Validate()
            {
                var answer = keys.Verifier.ValidateAsync(keys.Presented[random.Next(Keys)].Value);
                if (!answer.IsCompletedSuccessfully || !answer.Result.IsAllowed)
                    throw new InvalidOperationException("A good key was not allowed from memory.");
            }

            replica = SerialLoad.Run(Validate, Batch, seconds);
        }

        using (var server = new WarderProcess(database.Folder))
        {
            server.FirstAnswer(HttpText.Request("GET", "/health/ready", database.Authorization, ""));
            using var connection = new Connection(server.Address);
            var requests = File.ReadLines(database.TokensPath).Select(token => HttpText.Validation(database.Authorization, token)).ToArray();
            http = SerialLoad.Run(() => HttpText.BodyOf(connection.Exchange(requests[random.Next(Keys)])), 1, seconds);
        }

        var peer = BetterAuth.MeasureInProcess(Keys, seconds);
        yield return Faster("a replica of Warder / better-auth in its process", replica, peer);
        yield return Slower("a replica of Warder / better-auth in its process", replica, peer);
        yield return Faster("Warder over HTTP / better-auth in its process", http, peer);
        yield return Slower("Warder over HTTP / better-auth in its process", http, peer);
        yield return Faster("a replica of Warder / Warder over HTTP", replica, http);
        yield return Slower("a replica of Warder / Warder over HTTP", replica, http);
    }

    private static Row Faster(string what, SerialLoad measured, SerialLoad against)
        => new($"validations/s on one thread: {what}", measured.PerSecond / against.PerSecond) { Note = $"{measured.PerSecond:N0}/s against {against.PerSecond:N0}/s" };

    private static Row Slower(string what, SerialLoad measured, SerialLoad against)
        => new($"the same, p50: {what}", measured.MedianMicroseconds / against.MedianMicroseconds) { Note = $"{measured.MedianMicroseconds:0.000} µs against {against.MedianMicroseconds:0.000} µs" };
}
