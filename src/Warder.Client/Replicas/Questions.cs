using Warder.Contracts.Replicas;

namespace Warder.Client.Replicas;

/// <summary>One token that memory does not hold, and those who wait to know.</summary>
internal sealed class Question(string value, long atLeast)
{
    private readonly TaskCompletionSource<KeyAnswer> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Value { get; } = value;

    /// <summary>What it is known by while it waits: who needs a later state must not make others wait for it, nor be content with theirs.</summary>
    public (string Value, long AtLeast) Key => (Value, AtLeast);

    public long AtLeast { get; } = atLeast;

    /// <summary>How many wait. Guarded by <see cref="Questions"/>' lock.</summary>
    public int Waiting { get; set; }

    public Task<KeyAnswer> Answered => completion.Task;

    public void Answer(KeyAnswer answer) => completion.TrySetResult(answer);
}

/// <summary>
/// The questions to the node. Who asks about a token joins a question that was not sent yet, and never one that was: the node may have answered that before a change which
/// has returned since.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class Questions
{
    private const int MaxUnsent = 10_000;
    private const int MaxSent = 512;
    private const int MaxPerMessage = 16;

    private readonly Lock gate = new();
    private readonly Dictionary<(string Value, long AtLeast), Question> unsent = [];
    private readonly Dictionary<long, Question> sent = [];
    private long number;

    /// <summary>How many were sent, in all.</summary>
    public long Asked => Volatile.Read(ref number);

    /// <summary>Asks; null when there is no room.</summary>
    /// <param name="value">What was presented.</param>
    /// <param name="atLeast">The event that the answer's state must include; 0: none in particular.</param>
    public Question? Ask(string value, long atLeast)
    {
        lock (gate)
        {
            if (!unsent.TryGetValue((value, atLeast), out var question))
            {
                if (unsent.Count >= MaxUnsent)
                    return null;
                question = new Question(value, atLeast);
                unsent.Add(question.Key, question);
            }

            question.Waiting++;
            return question;
        }
    }

    /// <summary>Waits no more. A question that nobody waits for is not asked.</summary>
    public void Leave(Question question)
    {
        lock (gate)
        {
            if (--question.Waiting == 0 && unsent.TryGetValue(question.Key, out var waiting) && waiting == question)
                unsent.Remove(question.Key);
        }
    }

    /// <summary>The next message of questions, from now on counted as sent; null when there are none, or too many are unanswered.</summary>
    public KeyQuestions? Take()
    {
        lock (gate)
        {
            if (unsent.Count == 0 || sent.Count + MaxPerMessage > MaxSent)
                return null;
            var message = new List<KeyQuestion>(MaxPerMessage);
            foreach (var question in unsent.Values.Take(MaxPerMessage).ToList())
            {
                unsent.Remove(question.Key);
                sent.Add(++number, question);
                message.Add(new KeyQuestion(number, question.Value, question.AtLeast));
            }

            return new KeyQuestions(message);
        }
    }

    /// <summary>Answers whoever waits.</summary>
    public void Answer(KeyAnswers answers)
    {
        Dictionary<long, KeyAnswer>? byNumber = null;
        foreach (var each in answers.Answers)
        {
            var answer = each;
            if (each.SameAs is { } number)
            {
                byNumber ??= answers.Answers.DistinctBy(static one => one.Number).ToDictionary(static one => one.Number);
                answer = byNumber.TryGetValue(number, out var same) ? each with { Code = same.Code, Key = same.Key } : each;
            }

            Question? question;
            lock (gate)
                sent.Remove(answer.Number, out question);
            question?.Answer(answer);
        }
    }

    /// <summary>The connection is lost: what is unanswered is to be asked again.</summary>
    public void Unsend()
    {
        lock (gate)
        {
            foreach (var question in sent.Values.Where(static question => question.Waiting > 0))
                Requeue(question);
            sent.Clear();
        }
    }

    // A younger question about the same token answers the older one's waiters too.
    private void Requeue(Question question)
    {
        if (unsent.TryGetValue(question.Key, out var younger))
            _ = younger.Answered.ContinueWith(answered => question.Answer(answered.Result), TaskScheduler.Default);
        else
            unsent.Add(question.Key, question);
    }
}
