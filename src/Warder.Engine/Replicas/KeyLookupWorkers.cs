using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Warder.Contracts;
using Warder.Contracts.Json;
using Warder.Contracts.Replicas;
using Warder.Core.Verification;
using Warder.Engine.Changes;
using Warder.Engine.Hosting;
using Warder.Engine.Streams;
using Warder.Engine.Telemetry;
using Warder.Engine.Verification;
using Warder.Storage;

namespace Warder.Engine.Replicas;

/// <summary>
/// Looks up the keys that a replica's memory does not hold, a few messages at a time, beside the stream: a read that waits for the store
/// delays no acknowledgement. An answer is composed only when there is room for it; until then the lookups wait in their bounded queue.
/// </summary>
internal sealed class KeyLookupWorkers(
    ReplicaStream stream, SendBudget budget, Validator validator, ValidationCounts counts, EnvironmentRegistry environments, UseProofs proofs)
{
    private const int WorkerCount = 4;

    // A message of answers is sent when it is this long; the rest of the answers come in the next one.
    private const int FullMessageBytes = 32 * 1024;

    // A key with every permission it can have, whose owner has a role with every permission it can have.
    private const int LongestAnswerBytes = 72 * 1024;
    private const int ReservedBytes = FullMessageBytes + LongestAnswerBytes;

    // A string has two bytes a character, and a header.
    private const int LookupOverheadBytes = 96;
    private const int RoomPollMilliseconds = 50;

    private static readonly JsonWriterOptions Written = new() { Encoder = StringifyEncoder.Instance, SkipValidation = true };

    private readonly Channel<Pending> pending = Channel.CreateBounded<Pending>(new BoundedChannelOptions(StreamLimits.QuestionMessagesPerReplica));

    /// <summary>Queues lookups of keys.</summary>
    /// <returns>False when too many are pending, by messages or by bytes. A replica waits for answers before it sends more.</returns>
    public bool TryAdd(IReadOnlyList<KeyQuestion> questions)
        => TryAdd(new Pending(questions, [], questions.Sum(static question => (2 * question.Value.Length) + LookupOverheadBytes)));

    /// <summary>Queues requests for whole decisions.</summary>
    /// <returns>False as for lookups of keys.</returns>
    public bool TryAdd(IReadOnlyList<DecisionRequest> requests)
        => TryAdd(new Pending([], requests, requests.Sum(static request
            => (2 * (request.Value.Length + request.Permissions.Sum(static slug => slug.Length + LookupOverheadBytes))) + LookupOverheadBytes)));

    /// <summary>Whether requests for whole decisions ask for no more permissions than a key can have, and have no empty element.</summary>
    public static bool AreWellFormed(IReadOnlyList<DecisionRequest> requests)
        => requests.All(static request => request?.Permissions.Count <= PermissionMask.Capacity && !request.Permissions.Contains(null!));

    /// <summary>Answers until the connection ends.</summary>
    public Task Run(CancellationToken ended) => Task.WhenAll(Enumerable.Range(0, WorkerCount).Select(_ => Work(ended)));

    private async Task Work(CancellationToken ended)
    {
        try
        {
            await foreach (var message in pending.Reader.ReadAllAsync(ended))
            {
                counts.Asked(message.Count);
                for (var next = 0; next < message.Count;)
                {
                    while (!budget.TryReserve(ReservedBytes))
                        await Task.Delay(RoomPollMilliseconds, ended);
                    next = await AnswerSomeAsync(message, next);
                }

                budget.Return(message.Bytes);
            }
        }
        catch (OperationCanceledException)
        {
            // The connection is over, and its budget with it.
        }
    }

    // With a place among the reads of the environment; without one, what is asked for is unavailable.
    private async Task<int> AnswerSomeAsync(Pending message, int next)
    {
        var mayRead = await validator.Misses.EnterAsync(stream.Environment);
        try
        {
            return message.Requests.Count > 0 ? DecideSome(message.Requests, next, mayRead) : AnswerSome(message.Questions, next, mayRead);
        }
        finally
        {
            if (mayRead)
                validator.Misses.Leave(stream.Environment);
        }
    }

    private int AnswerSome(IReadOnlyList<KeyQuestion> questions, int next, bool mayRead)
    {
        var isAuthentic = mayRead && IsAuthentic();
        var sent = new Dictionary<(string Value, long AtLeast), KeyAnswer>();
        return Send("answers"u8, questions, next, (writer, question) =>
        {
            if (!sent.TryGetValue((question.Value, question.AtLeast), out var first))
                sent.Add((question.Value, question.AtLeast), first = isAuthentic ? Answer(question) : Unavailable(question.Number));
            else if (first.Key is not null)
                first = new KeyAnswer(question.Number, null, null, first.Number);
            JsonSerializer.Serialize(writer, first with { Number = question.Number }, WarderJson.Wire.KeyAnswer);
        });
    }

    private int DecideSome(IReadOnlyList<DecisionRequest> requests, int next, bool mayRead)
    {
        var isAuthentic = mayRead && IsAuthentic();
        return Send("decisions"u8, requests, next, (writer, request) => JsonSerializer.Serialize(
            writer, isAuthentic ? Decide(request) : Undecided(request, DecisionCode.Unavailable), WarderJson.Wire.DecisionAnswer));
    }

    // Sends one message of a type, which is also the name of its list. Returns the place of the first item that is not in it.
    private int Send<T>(ReadOnlySpan<byte> type, IReadOnlyList<T> items, int next, Action<Utf8JsonWriter, T> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4 * 1024);
        using (var writer = new Utf8JsonWriter(buffer, Written))
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, type);
            writer.WriteStartArray(type);
            do
                write(writer, items[next++]);
            while (next < items.Count && writer.BytesCommitted + writer.BytesPending < FullMessageBytes);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        stream.SendReserved(buffer.WrittenSpan.ToArray(), ReservedBytes);
        return next;
    }

    private DecisionAnswer Decide(DecisionRequest request)
    {
        if (request.Value.Length > ValidationLimits.ValueCharacters)
            return Undecided(request, DecisionCode.Malformed);
        try
        {
            var decision = validator.ValidateFor(
                Encoding.UTF8.GetBytes(request.Value), environments[stream.Environment], RequestedPermissions.Join(request.Permissions), request.AtLeast);
            return ReplicaKeys.Of(request.Number, decision);
        }
        catch (StorageException)
        {
            return Undecided(request, DecisionCode.Unavailable);
        }
    }

    private static DecisionAnswer Undecided(DecisionRequest request, DecisionCode code) => new(request.Number, Decision.NameOf(code), null, []);

    private bool TryAdd(Pending message)
    {
        if (!budget.TryTake(message.Bytes))
            return false;
        if (pending.Writer.TryWrite(message))
            return true;
        budget.Return(message.Bytes);
        return false;
    }

    private bool IsAuthentic()
    {
        try
        {
            return stream.IsStillAuthentic();
        }
        catch (StorageException)
        {
            // It cannot be known: the answers are "unavailable", which is no denial.
            return false;
        }
    }

    private KeyAnswer Answer(KeyQuestion question)
    {
        if (question.Value.Length > ValidationLimits.ValueCharacters)
            return new KeyAnswer(question.Number, Decision.NameOf(DecisionCode.Malformed), null);
        try
        {
            var (code, key) = validator.Read(Encoding.UTF8.GetBytes(question.Value), environments[stream.Environment], question.AtLeast);
            return key is null
                ? new KeyAnswer(question.Number, Decision.NameOf(code), null)
                : new KeyAnswer(question.Number, null, ReplicaKeys.Of(key, proofs.Of(stream.Caller, key.Id, key.SecretNumber)));
        }
        catch (StorageException)
        {
            return Unavailable(question.Number);
        }
    }

    private static KeyAnswer Unavailable(long number) => new(number, Decision.NameOf(DecisionCode.Unavailable), null);

    // One message of a replica: either lookups of keys, or requests for whole decisions.
    private sealed record Pending(IReadOnlyList<KeyQuestion> Questions, IReadOnlyList<DecisionRequest> Requests, int Bytes)
    {
        public int Count => Questions.Count + Requests.Count;
    }
}
