namespace Warder.Faults.Lanes;

/// <summary>Validations that go out in one request.</summary>
internal sealed class Batch
{
    private readonly Target[] targets = new Target[Requests.MaxBatch];
    private int count;

    /// <summary>The number by which an answer out of order refers to it.</summary>
    public int Number { get; set; }

    public ReadOnlySpan<Target> Targets => targets.AsSpan(0, count);

    /// <summary>The epochs of the targets' subjects, from before the batch was sent.</summary>
    public int[] Epochs { get; } = new int[Requests.MaxBatch];

    /// <summary>The epoch of the first target's subject at which repeated validation stops; null: a single pass.</summary>
    public int? Until { get; private set; }

    public long Requested { get; set; }

    public void Fill(ReadOnlySpan<Target> these, int? until)
    {
        these.CopyTo(targets);
        (count, Until) = (these.Length, until);
        for (var i = 0; i < count; i++)
            Epochs[i] = targets[i].Subject.BeginValidation();
    }

    public void Release()
    {
        foreach (var target in Targets)
            target.Subject.Heard();
        Array.Clear(targets, 0, count);
        count = 0;
    }
}
