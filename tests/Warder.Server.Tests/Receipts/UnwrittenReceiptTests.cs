using Warder.Core.Events;
using Warder.Engine.Hosting;
using Warder.Server.Hosting;
using Warder.Server.Tests.Hosting;
using Warder.Storage.Journal;

namespace Warder.Server.Tests.Receipts;

/// <summary>Receipts reach the store, whatever becomes of the commit that brings them there.</summary>
public sealed class UnwrittenReceiptTests
{
    [Fact]
    public async Task What_is_signed_while_nobody_knows_whether_others_were_written_is_written_too()
    {
        Doubting? doubting = null;
        await using var warder = await RunningWarder.StartAsync(interference: new FaultHooks { Between = memory => doubting = new Doubting(memory) });
        var own = await Fixture.MakeAsync(warder, warder.Key, "a");
        _ = warder.Head;
        doubting!.Doubts = true;
        var first = (await warder.Post($"/api_keys/{own.Key}/suspend")).Is(200).Json.GetProperty("receipt").GetProperty("id").GetString()!;
        // Until memory was read again after the lost answer, nobody is authenticated.
        await Eventually.Holds(
            async () => !doubting.Doubts && (await warder.Get("/api_keys/" + own.Key)).Status == 200, TimeSpan.FromSeconds(10), "No receipt was written.");
        var second = (await warder.Post($"/api_keys/{own.Key}/revoke")).Is(200).Json.GetProperty("receipt").GetProperty("id").GetString()!;
        await warder.RestartAsync();
        Assert.Equal([second, first], (await warder.Get("/receipts?subject_id=" + own.Key)).Is(200).Ids);
        var recorded = (await warder.Events()).Where(e => e.GetProperty("event").GetString() == EventTypes.ReceiptsRecorded)
            .SelectMany(e => e.GetProperty("data").GetProperty("receipts").EnumerateArray().Select(each => each.GetProperty("id").GetString())).ToList();
        Assert.All([first, second], id => Assert.Single(recorded, id));
    }

    // Once, what is durable is not known to be.
    private sealed class Doubting(CommitListener memory) : CommitListener
    {
        public bool Doubts { get; set; }

        public override Propagation Committed(CommittedBatch batch)
        {
            if (!Doubts || !batch.Events.Any(static draft => draft.Type == EventTypes.ReceiptsRecorded))
                return memory.Committed(batch);
            Doubts = false;
            throw new InvalidOperationException("The answer is lost.");
        }

        public override Propagation Unchanged() => memory.Unchanged();

        public override void Forget() => memory.Forget();

        public override void Restore() => memory.Restore();
    }
}
