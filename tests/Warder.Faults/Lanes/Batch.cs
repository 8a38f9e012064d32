namespace Warder.Faults.Lanes;

/// <summary>Validations that go out in one request.</summary>
internal sealed class Batch
{
    private readonly Target[] targets = new Target[Requests.MaxBatch];
    private int count;

    /// <summary>By what an answer names it that does not come in its turn.</summary>
    public int Number { get; set; }

    public ReadOnlySpan<Target> Targets => targets.AsSpan(0, count);

    /// <summary>The epochs of the targets' subjects, from before it was sent.</summary>
    public int[] Epochs { get; } = new int[Requests.MaxBatch];

    /// <summary>The epoch, of the first target's subject, that is to be waited for while validating; null: none.</summary>
    public int? Until { get; private set; }

    public long Asked { get; set; }

    public void Fill(ReadOnlySpan<Target> these, int? until)
    {
        these.CopyTo(targets);
        (count, Until) = (these.Length, until);
        for (var i = 0; i < count; i++)
            Epochs[i] = targets[i].Subject.Asking();
    }

    public void Release()
    {
        foreach (var target in Targets)
            target.Subject.Heard();
        Array.Clear(targets, 0, count);
        count = 0;
    }
}
