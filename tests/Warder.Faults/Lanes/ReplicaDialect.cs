namespace Warder.Faults.Lanes;

/// <summary>The number of times that an application validates each item of a batch; may change at any time.</summary>
internal sealed class Rounds(int count)
{
    private int count = count;

    public int Count
    {
        get => Volatile.Read(ref count);
        set => Volatile.Write(ref count, value);
    }
}

/// <summary>Sends inquiries to an application, which reports answers from memory first, and later those of its node.</summary>
internal sealed class ReplicaDialect(Rounds rounds, Meter meter) : Dialect
{
    public override void Say(Wire wire, Batch batch)
    {
        var items = new Item[batch.Targets.Length];
        for (var i = 0; i < items.Length; i++)
        {
            var target = batch.Targets[i];
            items[i] = new Item(target.Subject.Slot, target.Value, target.Permission);
        }

        wire.Send(new Inquiry(batch.Number, rounds.Count, batch.Until, items).Write());
    }

    public override Batch? Hear(Wire wire, Lane lane)
    {
        var report = Report.Read(wire.ReceiveFrame());
        var batch = lane.UnderWay(report.Number);
        foreach (var (item, streak) in report.Answers)
        {
            if (streak.Code != Code.Unavailable)
                batch.Targets[item].Enter(lane.Number, lane.Verifier.Name, streak);
            meter.Answered(lane.Verifier, streak);
        }

        meter.AnsweredFromMemory(lane.Verifier, report.FromMemory);
        return report.IsLast ? batch : null;
    }
}
