using System.Diagnostics;
using Warder.Bench.Http;

namespace Warder.Bench.Peers;

/// <summary>
/// Ends keys that are in use: one connection to each node validates a key without a pause while the first node ends it. Each connection
/// goes on until its node has refused the key repeatedly, or until the patience ends.
/// </summary>
internal sealed class RevocationProbe(Deployment deployment)
{
    private const int AllowedBefore = 10;
    private const int RefusedAfter = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan WarmWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan UnavailablePause = TimeSpan.FromMilliseconds(5);

    /// <summary>Probes that many keys.</summary>
    public Afterlives Run(Ending ending, int rounds)
    {
        using var control = new Connection(deployment.Addresses[0]);
        var lives = new List<Afterlife>();
        var questions = new List<byte[]>();
        var clock = Stopwatch.StartNew();
        for (var round = 0; round < rounds; round++)
        {
            var (id, value) = deployment.NewKey(control);
            questions.Add(HttpText.Validation(deployment.Authorization, value));
            lives.Add(End(control, questions[^1], ending.Request(id)));
        }

        return new Afterlives(lives, questions.Count(question => IsAllowed(control.Exchange(question))), clock.Elapsed);
    }

    private Afterlife End(Connection control, byte[] question, byte[] change)
    {
        using var use = new Use(deployment.Addresses.Count);
        var validators = deployment.Addresses.Select(
            address => Task.Factory.StartNew(() => Validate(address, question, use), TaskCreationOptions.LongRunning)).ToList();
        if (!use.Warm.Wait(WarmWithin))
            throw new InvalidOperationException(
                $"{deployment.Name}: a new key was not allowed {AllowedBefore} times.", Task.WhenAll(validators).Exception);
        var called = Stopwatch.GetTimestamp();
        deployment.Change(control, change);
        use.ReturnedAt = Stopwatch.GetTimestamp();
        var after = Task.WhenAll(validators).GetAwaiter().GetResult()
            .Select(answers => answers.Where(answer => answer.BegunAt > use.ReturnedAt).ToList()).ToList();
        var allowed = after.SelectMany(answers => answers.Where(answer => answer.Allow)).ToList();
        return new Afterlife(
            allowed.Count == 0 ? 0 : Stopwatch.GetElapsedTime(use.ReturnedAt, allowed.Max(answer => answer.BegunAt)).TotalMilliseconds,
            after.Sum(answers => answers.Count),
            allowed.Count,
            after.Sum(answers => answers.Count(answer => answer.Unavailable)),
            after.TrueForAll(answers => !answers[^1].Allow),
            Stopwatch.GetElapsedTime(called, use.ReturnedAt).TotalMilliseconds);
    }

    private List<Answer> Validate(string address, byte[] question, Use use)
    {
        using var connection = new Connection(address);
        var answers = new List<Answer>();
        var allowed = 0;
        while (true)
        {
            var begunAt = Stopwatch.GetTimestamp();
            var answer = connection.Exchange(question);
            answers.Add(new Answer(begunAt, IsAllowed(answer), HttpText.IsUnavailable(answer)));
            if (answers[^1].Unavailable)
                Thread.Sleep(UnavailablePause);
            if (answers[^1].Allow && ++allowed == AllowedBefore)
                use.Warm.Signal();
            var returnedAt = use.ReturnedAt;
            if (begunAt > returnedAt && (IsRefused(answers, returnedAt) || Stopwatch.GetElapsedTime(returnedAt, begunAt) > Patience))
                return answers;
        }
    }

    // Repeatedly, by validations that began since then.
    private static bool IsRefused(List<Answer> answers, long since)
        => answers.Count >= RefusedAfter
            && answers[^RefusedAfter].BegunAt > since
            && !answers[^RefusedAfter..].Exists(answer => answer.Allow);

    private bool IsAllowed(ReadOnlySpan<byte> answer) => answer.IndexOf(deployment.AllowMark) >= 0;

    private readonly record struct Answer(long BegunAt, bool Allow, bool Unavailable);

    /// <summary>The use of a key during its ending.</summary>
    private sealed class Use(int nodes) : IDisposable
    {
        private long returnedAt = long.MaxValue;

        /// <summary>Set once every node has allowed the key a few times.</summary>
        public CountdownEvent Warm { get; } = new(nodes);

        /// <summary>The return time of the call that ended it, by the stopwatch.</summary>
        public long ReturnedAt
        {
            get => Volatile.Read(ref returnedAt);
            set => Volatile.Write(ref returnedAt, value);
        }

        public void Dispose() => Warm.Dispose();
    }
}
