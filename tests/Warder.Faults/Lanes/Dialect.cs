namespace Warder.Faults.Lanes;

/// <summary>Encodes a lane's batches and decodes its verifier's answers.</summary>
internal abstract class Dialect
{
    /// <summary>Sends a batch.</summary>
    public abstract void Say(Wire wire, Batch batch);

    /// <summary>
    /// Receives the next answer, and enters it. Returns its batch once the batch is complete; null when more answers follow.
    /// </summary>
    public abstract Batch? Hear(Wire wire, Lane lane);
}
