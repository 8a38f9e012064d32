namespace Warder.Faults.Lanes;

/// <summary>Answers of an application.</summary>
/// <param name="Number">The number of the inquiry.</param>
/// <param name="IsLast">Whether the inquiry is complete; otherwise answers of the node follow.</param>
/// <param name="FromMemory">The number of answers from the application's own memory.</param>
/// <param name="Answers">The answers to the inquiry's items, "unavailable" included.</param>
internal sealed record Report(int Number, bool IsLast, int FromMemory, IReadOnlyList<(int Item, Streak Streak)> Answers)
{
    public byte[] Write() => Frame.Of(to =>
    {
        to.Write(Number);
        to.Write(IsLast);
        to.Write(FromMemory);
        to.Write(Answers.Count);
        foreach (var (item, streak) in Answers)
        {
            to.Write(item);
            to.Write(streak.RequestedEpoch);
            to.Write(streak.AnsweredEpoch);
            to.Write((byte)streak.Code);
            to.Write(streak.Count);
            foreach (var at in new[] { streak.First, streak.Last })
            {
                to.Write(at.Requested);
                to.Write(at.Answered);
            }
        }
    });

    public static Report Read(ReadOnlyMemory<byte> frame)
    {
        using var from = Frame.Reader(frame);
        var (number, isLast, fromMemory) = (from.ReadInt32(), from.ReadBoolean(), from.ReadInt32());
        var answers = new (int, Streak)[from.ReadInt32()];
        for (var i = 0; i < answers.Length; i++)
            answers[i] = (from.ReadInt32(), ReadStreak(from));
        return new Report(number, isLast, fromMemory, answers);
    }

    private static Streak ReadStreak(BinaryReader from)
        => new(
            from.ReadInt32(), from.ReadInt32(), (Code)from.ReadByte(), from.ReadInt32(), (from.ReadInt64(), from.ReadInt64()),
            (from.ReadInt64(), from.ReadInt64()));
}
