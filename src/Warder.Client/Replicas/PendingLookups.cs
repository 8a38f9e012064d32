using Warder.Contracts.Replicas;

namespace Warder.Client.Replicas;

/// <summary>One token that memory does not hold, and those who wait to know.</summary>
internal sealed class Question(string value, long atLeast, RequiredPermissions? whole)
{
    private readonly TaskCompletionSource<(KeyAnswer? Key, DecisionAnswer? Decision)> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Value { get; } = value;

    /// <summary>
    /// What it is known by while it waits: who needs a later state must not make others wait for it, nor be content with theirs.
    /// </summary>
    public (string Value, long AtLeast, RequiredPermissions? Whole) Key => (Value, AtLeast, Whole);

    /// <summary>The permissions of a request for a whole decision; null: it asks for the key.</summary>
    public RequiredPermissions? Whole { get; } = whole;

    public long AtLeast { get; } = atLeast;

    /// <summary>How many wait. Guarded by <see cref="PendingLookups"/>' lock.</summary>
    public int Waiting { get; set; }

    public Task<(KeyAnswer? Key, DecisionAnswer? Decision)> Answered => completion.Task;

    public void Answer(KeyAnswer? key, DecisionAnswer? decision) => completion.TrySetResult((key, decision));
}

/// <summary>
/// The questions to the node. Who asks about a token joins a question that was not sent yet, and never one that was: the node may have
/// answered that before a change which has returned since.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class PendingLookups
{
    private const int MaxUnsent = 10_000;
    private const int MaxSent = 512;
    private const int MaxPerMessage = 16;

    private readonly Lock gate = new();
    private readonly Dictionary<(string Value, long AtLeast, RequiredPermissions? Whole), Question> unsent = [];
    private readonly Dictionary<long, Question> sent = [];
    private long number;

    /// <summary>How many were sent, in all.</summary>
    public long Asked => Volatile.Read(ref number);

    /// <summary>Asks; null when there is no room.</summary>
    /// <param name="value">What was presented.</param>
    /// <param name="atLeast">The event that the answer's state must include; 0: none in particular.</param>
    /// <param name="whole">What the key must have, where the node is asked for the whole decision; null: it is asked for the key.</param>
    public Question? Ask(string value, long atLeast, RequiredPermissions? whole = null)
    {
        lock (gate)
        {
            if (!unsent.TryGetValue((value, atLeast, whole), out var question))
            {
                if (unsent.Count >= MaxUnsent)
                    return null;
                question = new Question(value, atLeast, whole);
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
    public ReplicaMessage? Take()
    {
        lock (gate)
        {
            if (unsent.Count == 0 || sent.Count + MaxPerMessage > MaxSent)
                return null;
            // Those of one kind with the oldest.
            var isWhole = unsent.Values.First().Whole is not null;
            var some = unsent.Values.Where(question => question.Whole is not null == isWhole).Take(MaxPerMessage).ToList();
            foreach (var question in some)
            {
                unsent.Remove(question.Key);
                sent.Add(++number, question);
            }

            var first = number - some.Count + 1;
            return isWhole
                ? new DecisionRequests([.. some.Select((question, i) => new DecisionRequest(first + i, question.Value, question.Whole!.Slugs(), question.AtLeast))])
                : new KeyQuestions([.. some.Select((question, i) => new KeyQuestion(first + i, question.Value, question.AtLeast))]);
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
            if (question is { Whole: null })
                question.Answer(answer, null);
        }
    }

    /// <summary>Answers whoever waits for a whole decision.</summary>
    public void Answer(DecisionAnswers answers)
    {
        foreach (var answer in answers.Decisions)
        {
            Question? question;
            lock (gate)
                sent.Remove(answer.Number, out question);
            if (question is { Whole: not null })
                question.Answer(null, answer);
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
            _ = younger.Answered.ContinueWith(answered => question.Answer(answered.Result.Key, answered.Result.Decision), TaskScheduler.Default);
        else
            unsent.Add(question.Key, question);
    }
}
