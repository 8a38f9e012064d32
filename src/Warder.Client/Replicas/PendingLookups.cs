using Warder.Protocol;

namespace Warder.Client.Replicas;

/// <summary>One token that memory does not hold, and the validations that wait for the node's answer.</summary>
internal sealed class Question(string value, long atLeast, RequiredPermissions? whole)
{
    private readonly TaskCompletionSource<(KeyAnswer? Key, DecisionAnswer? Decision)> completion
        = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Value { get; } = value;

    /// <summary>
    /// The key of the lookup among pending lookups. Validations that require different states never share a lookup: one would wait for a
    /// later state than it requires, or get an earlier one.
    /// </summary>
    public (string Value, long AtLeast, RequiredPermissions? Whole) Key => (Value, AtLeast, Whole);

    /// <summary>The permissions of a request for a whole decision; null: the lookup requests the key.</summary>
    public RequiredPermissions? Whole { get; } = whole;

    public long AtLeast { get; } = atLeast;

    /// <summary>The number of waiting validations. Guarded by <see cref="PendingLookups"/>' lock.</summary>
    public int Waiting { get; set; }

    public Task<(KeyAnswer? Key, DecisionAnswer? Decision)> Answered => completion.Task;

    public void Answer(KeyAnswer? key, DecisionAnswer? decision) => completion.TrySetResult((key, decision));
}

/// <summary>
/// The lookups that a replica sends to its node. A validation joins a lookup of the same token that is still unsent, never a sent one: the
/// node may have answered that before a change which has returned since.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class PendingLookups
{
    private const int MaxUnsent = 10_000;
    private const int MaxPerMessage = 16;

    // Half of the node's queue for a connection: 64 messages, and 1 MB with the unsent ones. The node ends a connection that exceeds
    // either.
    private const int MaxSentMessages = 32;
    private const int MaxSentBytes = 512 * 1024;

    // A message is at most 128 KB.
    private const int MaxMessageBytes = 64 * 1024;
    private const int OverheadBytes = 96;

    private readonly Lock gate = new();
    private readonly Dictionary<(string Value, long AtLeast, RequiredPermissions? Whole), Question> unsent = [];
    private readonly Dictionary<long, (Question Question, Message Message)> sent = [];
    private long number;
    private int sentMessages;
    private int sentBytes;

    /// <summary>The number of sent lookups, in all.</summary>
    public long Count => Volatile.Read(ref number);

    /// <summary>Queues a lookup, or joins an unsent one.</summary>
    /// <param name="value">The presented token.</param>
    /// <param name="atLeast">The event that the answer's state must include; 0: no event is required.</param>
    /// <param name="whole">The required permissions, for a request for a whole decision; null: the lookup requests the key.</param>
    /// <returns>Null when there is no room for another lookup.</returns>
    public Question? Add(string value, long atLeast, RequiredPermissions? whole = null)
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

    /// <summary>Stops waiting for a lookup. An unsent lookup without waiting validations is dropped.</summary>
    public void Leave(Question question)
    {
        lock (gate)
        {
            if (--question.Waiting == 0 && unsent.TryGetValue(question.Key, out var waiting) && waiting == question)
                unsent.Remove(question.Key);
        }
    }

    /// <summary>Takes the next message of lookups; its lookups count as sent.</summary>
    /// <returns>Null when there is no unsent lookup, or when the node holds as many unanswered ones as it accepts.</returns>
    public ReplicaMessage? Take()
    {
        lock (gate)
        {
            if (unsent.Count == 0 || sentMessages >= MaxSentMessages || sentBytes >= MaxSentBytes)
                return null;
            // A message holds lookups of one kind: the kind of the oldest.
            var isWhole = unsent.Values.First().Whole is not null;
            var message = new Message();
            var some = new List<Question>(MaxPerMessage);
            foreach (var question in unsent.Values.Where(question => question.Whole is not null == isWhole))
            {
                if (some.Count == MaxPerMessage || (some.Count > 0 && message.Bytes + BytesOf(question) > MaxMessageBytes))
                    break;
                message.Bytes += BytesOf(question);
                some.Add(question);
            }

            var first = number + 1;
            foreach (var question in some)
            {
                unsent.Remove(question.Key);
                sent.Add(++number, (question, message));
            }

            message.Unanswered = some.Count;
            sentMessages++;
            sentBytes += message.Bytes;
            return isWhole
                ? new DecisionRequests(
                    some.ConvertAll(question => new DecisionRequest(first++, question.Value, question.Whole!.Slugs(), question.AtLeast)))
                : new KeyQuestions(some.ConvertAll(question => new KeyQuestion(first++, question.Value, question.AtLeast)));
        }
    }

    /// <summary>Completes the lookups that a message of keys answers.</summary>
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

            if (Answered(answer.Number) is { Whole: null } question)
                question.Answer(answer, null);
        }
    }

    /// <summary>Completes the lookups that a message of decisions answers.</summary>
    public void Answer(DecisionAnswers answers)
    {
        foreach (var answer in answers.Decisions)
        {
            if (Answered(answer.Number) is { Whole: not null } question)
                question.Answer(null, answer);
        }
    }

    /// <summary>Queues all unanswered lookups again after the connection is lost.</summary>
    public void Unsend()
    {
        lock (gate)
        {
            foreach (var (question, _) in sent.Values.Where(static each => each.Question.Waiting > 0))
                Requeue(question);
            sent.Clear();
            (sentMessages, sentBytes) = (0, 0);
        }
    }

    private Question? Answered(long which)
    {
        lock (gate)
        {
            if (!sent.Remove(which, out var found))
                return null;
            if (--found.Message.Unanswered == 0)
            {
                sentMessages--;
                sentBytes -= found.Message.Bytes;
            }

            return found.Question;
        }
    }

    // The bytes that a node counts for a lookup: two per character, and the overhead of the string.
    private static int BytesOf(Question question)
        => (2 * (question.Value.Length + (question.Whole?.Slugs().Sum(static slug => slug.Length + OverheadBytes) ?? 0))) + OverheadBytes;

    // A younger lookup of the same token completes the older one's waiters too. It is sent for them even when its own waiters have left.
    private void Requeue(Question question)
    {
        if (!unsent.TryGetValue(question.Key, out var younger))
        {
            unsent.Add(question.Key, question);
            return;
        }

        younger.Waiting++;
        _ = younger.Answered.ContinueWith(
            answered => question.Answer(answered.Result.Key, answered.Result.Decision), TaskScheduler.Default);
    }

    // The lookups of one sent message. Guarded by the lock.
    private sealed class Message
    {
        public int Bytes { get; set; }

        public int Unanswered { get; set; }
    }
}
