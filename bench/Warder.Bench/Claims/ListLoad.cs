using System.Diagnostics;
using System.Text;
using Warder.Bench.Data;
using Warder.Bench.Http;

namespace Warder.Bench.Claims;

/// <summary>
/// Measures hits and revocations over HTTP while forty connections list with filters that find nothing, against the same without. Rounds
/// with and without alternate.
/// </summary>
internal sealed class ListLoad : Claim
{
    private const int Keys = 200_000;
    private const int Cached = 1_000;
    private const int Organizations = 100_000;
    private const int Events = 300_000;
    private const double Seconds = 3;

    public override string Name => "lists";

    public override IEnumerable<Row> Measure(Bench bench)
    {
        var database = KeyDatabase.Create(bench.NewFolder("lists"), Keys);
        ListData.Add(database, Organizations, Events);
        using var server = new ServerProcess(ServerProcess.Pinned(
            null, Environment.ProcessPath!, ["child-serve", "unlimited", database.Folder, database.TokensPath, Cached.ToString()]));
        var keys = new Queue<string>(File.ReadLines(database.KeyIdsPath).Skip(Cached));
        var (without, with) = (new List<Round>(), new List<Round>());
        long lists = 0, refused = 0, wal = 0;
        for (var round = -1; round < bench.Rounds(9); round++)
        {
            var alone = Sample(server.Address, database, keys);
            Round loaded;
            using (var load = new Listers(server.Address, database.Authorization))
            {
                loaded = Sample(server.Address, database, keys);
                wal = Math.Max(wal, new FileInfo(Path.Combine(database.Folder, "warder.db-wal")).Length);
                (lists, refused) = (lists + load.Answered, refused + load.Refused);
            }

            if (round < 0)
                continue;
            without.Add(alone);
            with.Add(loaded);
        }

        var answers = $"{lists} lists answered, {refused} refused; write-ahead file at most {wal >> 20} MB";
        yield return Against(
            "hit over HTTP, p50, beside the worst lists / alone", without, with, static round => round.HitP50, 2, 1.3, answers);
        yield return Against(
            "revocation over HTTP, p99, beside the worst lists / alone", without, with, static round => round.ChangeP99, 3, 1.5, "");
        yield return Against(
            "revocations a second, alone / beside the worst lists", with, without, static round => round.ChangesPerSecond, 3, 1.5, "");
    }

    private static Row Against(
        string claim, List<Round> below, List<Round> above, Func<Round, double> figure, double bar, double aim, string note)
        => new(claim, above.Zip(below, (one, other) => figure(one) / figure(other)).Median(), bar, aim)
        {
            Note = $"{above.Select(figure).Median():0} against {below.Select(figure).Median():0}; {note}",
        };

    private static Round Sample(string address, KeyDatabase database, Queue<string> keys)
    {
        var tokens = File.ReadLines(database.TokensPath).Take(Cached)
            .Select(token => HttpText.Validation(database.Authorization, token)).ToArray();
        byte[] Revocation() => HttpText.Request(
            "POST", $"/api_keys/{keys.Dequeue()}/revoke", database.Authorization, """{"reason":"The vendor was breached"}""");
        var hits = Task.Factory.StartNew(() => Repeat(address, i => tokens[i % tokens.Length]), TaskCreationOptions.LongRunning);
        var changes = Task.Factory.StartNew(() => Repeat(address, _ => Revocation()), TaskCreationOptions.LongRunning);
        return new Round(hits.Result.Quantile(0.5), changes.Result.Quantile(0.99), changes.Result.Count / Seconds);
    }

    private static List<double> Repeat(string address, Func<int, byte[]> request)
    {
        using var connection = new Connection(address);
        var took = new List<double>();
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed.TotalSeconds < Seconds)
        {
            var start = Stopwatch.GetTimestamp();
            HttpText.BodyOf(connection.Exchange(request(took.Count)));
            took.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        return took;
    }

    private readonly record struct Round(double HitP50, double ChangeP99, double ChangesPerSecond);

    private sealed class Listers : IDisposable
    {
        private static readonly string None = "user_01KZZZZZZZZZZZZZZZZZZZZZZZ";

        private static readonly string[] Paths =
        [
            .. Enumerable.Repeat("/api_keys?responsible_user_id=" + None, 16),
            .. Enumerable.Repeat("/api_keys?status=suspended&created_by=nobody", 16),
            .. Enumerable.Repeat("/events?events=user.erased", 4),
            .. Enumerable.Repeat("/organizations?search=" + new string('a', 199) + "b", 4),
        ];

        private readonly List<Thread> threads = [];
        private volatile bool stopping;
        private long answered;
        private long refused;

        public Listers(string address, string authorization)
        {
            foreach (var path in Paths)
            {
                var request = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {authorization}\r\n\r\n");
                var thread = new Thread(() => List(address, request)) { IsBackground = true };
                threads.Add(thread);
                thread.Start();
            }
        }

        public long Answered => Volatile.Read(ref answered);

        public long Refused => Volatile.Read(ref refused);

        public void Dispose()
        {
            stopping = true;
            threads.ForEach(static thread => thread.Join());
        }

        private void List(string address, byte[] request)
        {
            using var connection = new Connection(address);
            while (!stopping)
            {
                if (connection.Exchange(request).StartsWith("HTTP/1.1 200"u8))
                    Interlocked.Increment(ref answered);
                else
                    Interlocked.Increment(ref refused);
            }
        }
    }
}
