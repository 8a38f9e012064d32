namespace Warder.Faults.Load;

/// <summary>An answer that was kept for all equal ones, and its verifier.</summary>
internal readonly record struct Sighting(Answer<Question> Answer, string Verifier);

/// <summary>One question to repeat: a secret, and an optional permission.</summary>
internal sealed class Target(Subject subject, Question question, string value, string? permission, int lanes)
{
    private readonly Seen?[] seenByLane = new Seen?[lanes];

    public Subject Subject { get; } = subject;

    public string Value { get; } = value;

    public string? Permission { get; } = permission;

    /// <summary>Its encoding in a request to a node.</summary>
    public byte[] Piece { get; } = Requests.Piece(value, permission);

    /// <summary>Complete once the subject has no call in flight.</summary>
    public IEnumerable<Sighting> Sightings => seenByLane.Where(seen => seen is not null).SelectMany(seen => seen!.Sightings(question));

    /// <summary>Enters an answer that has arrived. Only one thread at a time may call this for a lane.</summary>
    public void Enter(int lane, string verifier, int requestedEpoch, Code code, long requested, long answered)
        => Of(lane, verifier).Streaks.Add(requestedEpoch, Subject.Epoch, code, requested, answered);

    /// <summary>Enters answers that the application has folded.</summary>
    public void Enter(int lane, string verifier, Streak streak) => Of(lane, verifier).Streaks.Add(streak);

    private Seen Of(int lane, string verifier) => seenByLane[lane] ??= new Seen(verifier);

    private sealed record Seen(string Verifier)
    {
        public Streaks Streaks { get; } = new();

        public IEnumerable<Sighting> Sightings(Question question)
            => from streak in Streaks.All
               from at in streak.First == streak.Last ? [streak.First] : new[] { streak.First, streak.Last }
               select new Sighting(new Answer<Question>(question, streak.Code, at.Requested, at.Answered), Verifier);
    }
}
