using System.Collections.Frozen;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Warder.Client;
using Warder.Client.Replicas;
using Warder.Core.Secrets;
using Warder.Core.Verification;
using Warder.Faults.Checks;
using Warder.Faults.Lanes;
using Warder.Faults.Load;

namespace Warder.Application;

/// <summary>
/// Runs one inquiry: validates repeatedly, and folds the answers by the subjects' epochs, read from shared memory between two validations.
/// For keys that memory does not hold, it sends lookups to the node, and reports the answers later; meanwhile it continues with memory.
/// </summary>
internal sealed class Inspection(Inquiry inquiry, WarderVerifier verifier, Epochs epochs, Wire wire)
{
    // The number of requests to a node for one item.
    private const int MaxLookups = 2;
    private static readonly long LongestWait = Stopwatch.Frequency / 50;

    // By name: the check does not know the codes that a newer version adds.
    private static readonly FrozenDictionary<string, Code> Codes = Enum.GetValues<DecisionCode>()
        .ToFrozenDictionary(Decision.NameOf, static code => Enum.Parse<Code>(code.ToString()));

    private readonly Presented[] all = [.. inquiry.Items.Select(static item => new Presented(item))];
    private int fromMemory;

    public void Run()
    {
        Wait();
        for (var round = 0; round < inquiry.Rounds; round++)
            Look();
        var lookups = all.SelectMany(static (one, item) => one.Lookups.Select(task => (item, task))).ToArray();
        var answered = Task.WhenAll(lookups.Select(static it => it.task));
        Send(
            all.SelectMany(static (one, item) => one.Streaks.All.Select(streak => (item, streak))), fromMemory,
            isLast: lookups.Length == 0);
        // As the node's answers arrive, without delaying the next inquiry.
        if (lookups.Length > 0)
            _ = answered.ContinueWith(_ => Finish(lookups.Select(static it => (it.item, it.task.Result))), TaskScheduler.Default);
    }

    // The change may never return.
    private void Wait()
    {
        var since = Stopwatch.GetTimestamp();
        while (inquiry.Until is { } until && epochs[inquiry.Items[0].Slot] - until < 0 && Stopwatch.GetTimestamp() - since < LongestWait)
            Look();
    }

    private void Look()
    {
        foreach (var one in all)
        {
            var epoch = epochs[one.Item.Slot];
            var began = Stopwatch.GetTimestamp();
            if (verifier.TryValidate(one.Bytes, one.Permissions, out var decision))
            {
                var ended = Stopwatch.GetTimestamp();
                one.Streaks.Add(epoch, epochs[one.Item.Slot], CodeOf(decision), began, ended);
                fromMemory++;
            }
            else if (one.Lookups.Count < MaxLookups && one.Lookups.TrueForAll(static lookup => lookup.IsCompleted))
            {
                one.Lookups.Add(LookUp(one, epoch, began));
            }
        }
    }

    private async Task<Streak> LookUp(Presented one, int epoch, long began)
    {
        var decision = await verifier.ValidateAsync(one.Value, one.Permissions);
        var at = (began, Stopwatch.GetTimestamp());
        return new Streak(epoch, epochs[one.Item.Slot], CodeOf(decision), 1, at, at);
    }

    private void Finish(IEnumerable<(int, Streak)> answers)
    {
        try
        {
            Send(answers, 0, isLast: true);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The program that sent the inquiry has gone.
        }
    }

    private void Send(IEnumerable<(int, Streak)> answers, int count, bool isLast)
    {
        var report = new Report(inquiry.Number, isLast, count, [.. answers]).Write();
        lock (wire)
            wire.Send(report);
    }

    private static Code CodeOf(in KeyDecision decision)
        => decision.IsAllowed == (decision.Code == Contracts.Keys.DecisionCode.Allowed) ? Codes[decision.Code] : Code.Unknown;

    private sealed class Presented(Item item)
    {
        public Item Item { get; } = item;

        public byte[] Bytes { get; } = Encoding.ASCII.GetBytes(item.Value);

        public SecretString Value { get; } = new(item.Value);

        public RequiredPermissions Permissions { get; } = item.Permission is { } slug
            ? RequiredPermissions.Of(slug)
            : RequiredPermissions.None;

        public Streaks Streaks { get; } = new();

        public List<Task<Streak>> Lookups { get; } = [];
    }
}
