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
/// Does what one inquiry asks for: validates again and again, and folds the answers by the subjects' epochs, as they are in shared memory
/// between one validation and the next. What memory does not know is asked for, and reported when the node has answered; meanwhile memory
/// is looked at on.
/// </summary>
internal sealed class Inspection(Inquiry inquiry, WarderVerifier verifier, Epochs epochs, Wire wire)
{
    // How often a node is asked about one item.
    private const int MostAsked = 2;
    private static readonly long LongestWait = Stopwatch.Frequency / 50;

    // By their names: what a newer Warder says beyond that would be none that the check knows.
    private static readonly FrozenDictionary<string, Code> Codes = Enum.GetValues<DecisionCode>().ToFrozenDictionary(Decision.NameOf, static code => Enum.Parse<Code>(code.ToString()));

    private readonly Presented[] all = [.. inquiry.Items.Select(static item => new Presented(item))];
    private int fromMemory;

    public void Run()
    {
        Wait();
        for (var round = 0; round < inquiry.Rounds; round++)
            Look();
        var asked = all.SelectMany(static (one, item) => one.Asked.Select(task => (item, task))).ToArray();
        var answered = Task.WhenAll(asked.Select(static it => it.task));
        Send(all.SelectMany(static (one, item) => one.Streaks.All.Select(streak => (item, streak))), fromMemory, isLast: asked.Length == 0);
        // As the node's answers come, and not in the way of the next inquiry.
        if (asked.Length > 0)
            _ = answered.ContinueWith(_ => Finish(asked.Select(static it => (it.item, it.task.Result))), TaskScheduler.Default);
    }

    // It is not known whether the change will ever return.
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
            else if (one.Asked.Count < MostAsked && one.Asked.TrueForAll(static asked => asked.IsCompleted))
            {
                one.Asked.Add(Ask(one, epoch, began));
            }
        }
    }

    private async Task<Streak> Ask(Presented one, int epoch, long began)
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
            // Who asked has gone.
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

        public RequiredPermissions Permissions { get; } = item.Permission is { } slug ? RequiredPermissions.Of(slug) : RequiredPermissions.None;

        public Streaks Streaks { get; } = new();

        public List<Task<Streak>> Asked { get; } = [];
    }
}
