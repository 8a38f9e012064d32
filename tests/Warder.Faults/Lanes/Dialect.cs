namespace Warder.Faults.Lanes;

/// <summary>How a lane speaks with its verifier.</summary>
internal abstract class Dialect
{
    /// <summary>Sends a batch.</summary>
    public abstract void Say(Wire wire, Batch batch);

    /// <summary>
    /// Waits for the next that is said, and enters it. The batch that it was about, if that was all about it; null when more will come.
    /// </summary>
    public abstract Batch? Hear(Wire wire, Lane lane);
}
