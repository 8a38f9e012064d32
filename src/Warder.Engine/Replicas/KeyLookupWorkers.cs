using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Warder.Contracts.Json;
using Warder.Core.Verification;
using Warder.Engine.Changes;
using Warder.Engine.Hosting;
using Warder.Engine.Streams;
using Warder.Engine.Telemetry;
using Warder.Engine.Verification;
using Warder.Protocol;
using Warder.Storage;

namespace Warder.Engine.Replicas;

/// <summary>The parts of a node that look up keys for replicas.</summary>
/// <param name="Validator">Reads keys, and validates.</param>
/// <param name="Environments">The environments.</param>
/// <param name="UseProofs">Proves that a key was sent to a management key.</param>
/// <param name="Counts">The numbers of lookups and validations.</param>
internal sealed record KeyLookupParts(Validator Validator, EnvironmentRegistry Environments, UseProofs UseProofs, ValidationCounts Counts);

/// <summary>
/// Looks up the keys that a replica's memory does not hold, a few messages at a time, beside the stream: a read that waits for the store
/// delays no acknowledgement. An answer is composed only when the budget has room for it; until then the lookups wait in their bounded
/// queue.
/// </summary>
internal sealed class KeyLookupWorkers(ReplicaStream stream, SendBudget budget, KeyLookupParts parts)
{
    private const int WorkerCount = 4;

    // A message of answers is sent when it reaches this length; the next message has the remaining answers.
    private const int FullMessageBytes = 32 * 1024;

    // The bound is for a key with the most permissions, and an owner with the most permissions in its role.
    private const int LongestAnswerBytes = 72 * 1024;
    private const int ReservedBytes = FullMessageBytes + LongestAnswerBytes;

    // A string takes two bytes a character, and a header.
    private const int LookupOverheadBytes = 96;
    private const int RoomPollMilliseconds = 50;

    // About as many answers as fill a message. Answers that were read and do not fit into one message go into the next.
    private const int ReadTogether = 32;

    private static readonly JsonWriterOptions Written = new() { Encoder = StringifyEncoder.Instance, SkipValidation = true };

    private readonly Channel<Pending> pending = Channel.CreateBounded<Pending>(
        new BoundedChannelOptions(StreamLimits.QuestionMessagesPerReplica));

    /// <summary>Queues lookups of keys.</summary>
    /// <returns>False when too many are pending, by messages or by bytes. A replica waits for answers before it sends more.</returns>
    public bool TryAdd(IReadOnlyList<KeyQuestion> questions)
        => TryAdd(new Pending(questions, [], questions.Sum(static question => (2 * question.Value.Length) + LookupOverheadBytes)));

    /// <summary>Queues requests for whole decisions.</summary>
    /// <returns>False under the same bounds as for lookups of keys.</returns>
    public bool TryAdd(IReadOnlyList<DecisionRequest> requests)
        => TryAdd(new Pending([], requests, requests.Sum(static request
            => (2 * (request.Value.Length + request.Permissions.Sum(static slug => slug.Length + LookupOverheadBytes)))
                + LookupOverheadBytes)));

    /// <summary>Determines whether each request names at most as many permissions as a key can have, and no null element.</summary>
    public static bool AreWellFormed(IReadOnlyList<DecisionRequest> requests)
        => requests.All(static request => request?.Permissions.Count <= PermissionMask.Capacity && !request.Permissions.Contains(null!));

    /// <summary>Answers lookups until the connection ends.</summary>
    public Task Run(CancellationToken ended) => Task.WhenAll(Enumerable.Range(0, WorkerCount).Select(_ => Work(ended)));

    private async Task Work(CancellationToken ended)
    {
        try
        {
            await foreach (var message in pending.Reader.ReadAllAsync(ended))
            {
                parts.Counts.CountLookups(message.Count);
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
            // The connection has ended, and its budget with it.
        }
    }

    // The reads need a place of the environment in the miss gate; without one, the answers are "unavailable". Neither the wait for the
    // place nor the reads hold a thread.
    private async Task<int> AnswerSomeAsync(Pending message, int next)
    {
        if (next == message.Read)
            await ReadSomeAsync(message);
        // The key may have ended while the reads waited.
        var isAuthentic = await IsAuthenticAsync();
        return message.Requests.Count > 0
            ? Send("decisions"u8, next, message.Read, (writer, place) => JsonSerializer.Serialize(
                writer, isAuthentic ? message.Decisions[place]! : Undecided(message.Requests[place], DecisionCode.Unavailable),
                ProtocolJson.Wire.DecisionAnswer))
            : AnswerSome(message, next, isAuthentic);
    }

    private async Task ReadSomeAsync(Pending message)
    {
        var from = message.Read;
        var to = message.Requests.Count > 0 ? Math.Min(from + ReadTogether, message.Count) : EndOfReads(message);
        var hasPlace = await parts.Validator.Misses.EnterAsync(stream.Environment);
        try
        {
            var mayRead = hasPlace && await IsAuthenticAsync();
            if (message.Requests.Count > 0)
                await Task.WhenAll(
                    Enumerable.Range(from, to - from).Select(
                        async place => message.Decisions[place] = await DecideAsync(message.Requests[place], mayRead)));
            else
                await ReadAsync(message, from, to, mayRead);
        }
        finally
        {
            if (hasPlace)
                parts.Validator.Misses.Leave(stream.Environment);
        }

        message.Read = to;
    }

    // Returns the index after the next questions about at most ReadTogether tokens. A token is read once, and its key is sent once in a
    // message, for all questions about it.
    private static int EndOfReads(Pending message)
    {
        var tokens = new HashSet<(string Value, long AtLeast)>();
        var end = message.Read;
        while (end < message.Count
            && (tokens.Count < ReadTogether || tokens.Contains((message.Questions[end].Value, message.Questions[end].AtLeast))))
        {
            tokens.Add((message.Questions[end].Value, message.Questions[end].AtLeast));
            end++;
        }

        return end;
    }

    private async Task ReadAsync(Pending message, int from, int to, bool mayRead)
    {
        var reads = new Dictionary<(string Value, long AtLeast), Task<KeyAnswer>>();
        for (var place = from; place < to; place++)
        {
            var question = message.Questions[place];
            if (!reads.TryGetValue((question.Value, question.AtLeast), out var read))
                reads.Add((question.Value, question.AtLeast), read = AnswerAsync(question, mayRead));
            message.Answers[place] = read;
        }

        await Task.WhenAll(reads.Values);
    }

    private int AnswerSome(Pending message, int next, bool isAuthentic)
    {
        var sent = new Dictionary<(string Value, long AtLeast), KeyAnswer>();
        return Send("answers"u8, next, message.Read, (writer, place) =>
        {
            var question = message.Questions[place];
            if (!sent.TryGetValue((question.Value, question.AtLeast), out var first))
            {
                first = isAuthentic ? message.Answers[place].Result with { Number = question.Number } : Unavailable(question.Number);
                sent.Add((question.Value, question.AtLeast), first);
            }
            else if (first.Key is not null)
            {
                first = new KeyAnswer(question.Number, null, null, first.Number);
            }

            JsonSerializer.Serialize(writer, first with { Number = question.Number }, ProtocolJson.Wire.KeyAnswer);
        });
    }

    // Sends one message of a type, which is also the name of its list. Returns the index of the first item that is not in the message.
    private int Send(ReadOnlySpan<byte> type, int next, int end, Action<Utf8JsonWriter, int> write)
    {
        var buffer = new ArrayBufferWriter<byte>(4 * 1024);
        using (var writer = new Utf8JsonWriter(buffer, Written))
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, type);
            writer.WriteStartArray(type);
            do
                write(writer, next++);
            while (next < end && writer.BytesCommitted + writer.BytesPending < FullMessageBytes);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        stream.SendReserved(buffer.WrittenSpan.ToArray(), ReservedBytes);
        return next;
    }

    private async Task<DecisionAnswer> DecideAsync(DecisionRequest request, bool mayRead)
    {
        if (!mayRead)
            return Undecided(request, DecisionCode.Unavailable);
        if (request.Value.Length > ValidationLimits.ValueCharacters)
            return Undecided(request, DecisionCode.Malformed);
        try
        {
            var decision = await parts.Validator.ValidateForAsync(
                Encoding.UTF8.GetBytes(request.Value), parts.Environments[stream.Environment],
                RequestedPermissions.Join(request.Permissions), request.AtLeast);
            return ReplicaKeys.Of(request.Number, decision);
        }
        catch (StorageException)
        {
            return Undecided(request, DecisionCode.Unavailable);
        }
    }

    private static DecisionAnswer Undecided(DecisionRequest request, DecisionCode code)
        => new(request.Number, Decision.NameOf(code), null, []);

    private bool TryAdd(Pending message)
    {
        if (!budget.TryTake(message.Bytes))
            return false;
        if (pending.Writer.TryWrite(message))
            return true;
        budget.Return(message.Bytes);
        return false;
    }

    private async ValueTask<bool> IsAuthenticAsync()
    {
        try
        {
            return await stream.IsStillAuthenticAsync();
        }
        catch (StorageException)
        {
            // The management key cannot be checked: the answers are "unavailable", which is no denial.
            return false;
        }
    }

    private async Task<KeyAnswer> AnswerAsync(KeyQuestion question, bool mayRead)
    {
        if (!mayRead)
            return Unavailable(question.Number);
        if (question.Value.Length > ValidationLimits.ValueCharacters)
            return new KeyAnswer(question.Number, Decision.NameOf(DecisionCode.Malformed), null);
        try
        {
            var (code, key) = await parts.Validator.ReadAsync(
                Encoding.UTF8.GetBytes(question.Value), parts.Environments[stream.Environment], question.AtLeast);
            return key is null
                ? new KeyAnswer(question.Number, Decision.NameOf(code), null)
                : new KeyAnswer(question.Number, null, ReplicaKeys.Of(key, parts.UseProofs.Of(stream.Caller, key.Id, key.SecretNumber)));
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

        /// <summary>The number of questions that were read. They are sent in order.</summary>
        public int Read { get; set; }

        public DecisionAnswer?[] Decisions { get; } = new DecisionAnswer?[Requests.Count];

        public Task<KeyAnswer>[] Answers { get; } = new Task<KeyAnswer>[Questions.Count];
    }
}
