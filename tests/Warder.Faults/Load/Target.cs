namespace Warder.Faults.Load;

/// <summary>An answer that was kept for all that prove the same, and the node that gave it.</summary>
internal readonly record struct Sighting(Answer<Question> Answer, string Node);

/// <summary>One thing to ask again and again: a secret, perhaps with a permission.</summary>
internal sealed class Target(Subject subject, Question question, string value, string? permission, int lanes)
{
    private readonly Seen?[] seenByLane = new Seen?[lanes];

    public Subject Subject { get; } = subject;

    public byte[] Piece { get; } = Requests.Piece(value, permission);

    /// <summary>Complete once the subject is quiet.</summary>
    public IEnumerable<Sighting> Sightings => seenByLane.Where(seen => seen is not null).SelectMany(seen => seen!.Kept);

    /// <summary>Enters an answer. Only one thread at a time may do so for a lane.</summary>
    public void Enter(int lane, string node, int askedEpoch, Code code, long asked, long answered)
    {
        var seen = seenByLane[lane] ??= new Seen();
        if (seen.IsNew(askedEpoch, Subject.Epoch, code))
            seen.Kept.Add(new Sighting(new Answer<Question>(question, code, asked, answered), node));
    }

    private sealed class Seen
    {
        private readonly HashSet<(int Asked, int Answered, Code Code)> before = [];
        private (int Asked, int Answered) latest = (-1, -1);
        private int codes;

        public List<Sighting> Kept { get; } = [];

        public bool IsNew(int asked, int answered, Code code)
        {
            // Nearly always the same as the last time.
            if ((asked, answered) == latest && (codes & (1 << (int)code)) != 0)
                return false;
            codes = ((asked, answered) == latest ? codes : 0) | (1 << (int)code);
            latest = (asked, answered);
            return before.Add((asked, answered, code));
        }
    }
}
