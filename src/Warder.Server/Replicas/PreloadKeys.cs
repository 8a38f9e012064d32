using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Warder.Contracts.Json;
using Warder.Core.Faults;
using Warder.Core.Ids;
using Warder.Core.Verification;
using Warder.Engine.Changes;
using Warder.Engine.Management;
using Warder.Engine.Replicas;
using Warder.Engine.Streams;
using Warder.Engine.Verification;
using Warder.Protocol;
using Warder.Server.Http;
using Warder.Server.Management;
using Warder.Storage;
using Warder.Storage.Verification;

namespace Warder.Server.Replicas;

/// <summary>Lists all keys of an environment for a replica, page by page, with their digests, before they are presented.</summary>
internal sealed class PreloadKeys(StreamQuota streams, KeyCache cache, UseProofs proofs)
{
    private const string FirstKey = "";

    // A page is read and composed in steps, until it is full by keys or by bytes: a thousand keys with every permission take 30 MB.
    private const int KeysPerRead = 200;
    private const int KeysPerFirstRead = 50;
    // Reserved for a page and its buffer.
    private const int ReservedBytes = 2 * Limits.PreloadedPageBytes;
    private const int RoomPollMilliseconds = 20;
    private const int RoomPolls = 250;

    private static readonly JsonWriterOptions Written = new() { Encoder = StringifyEncoder.Instance, SkipValidation = true };

    /// <summary>Answers with a page.</summary>
    public async Task<Result<Answer>> Run(Call call)
    {
        var query = call.Query();
        var after = query.Text("after");
        var begin = after is null ? (FirstKey, 0) : Place(after);
        if (query.Fault() is { } fault)
            return fault;
        if (begin is not { } from)
            return Fault.Field("after", "invalid_cursor", "Must be what the page before gave.");
        for (var poll = 0; streams.TryReserve(call.Caller, ReservedBytes) != ShareBound.None; poll++)
        {
            if (poll == RoomPolls)
                return new Fault(
                    FaultKind.Unavailable, "no_room", "Other pages are on their way to this management key or environment. Try again.");
            await Task.Delay(RoomPollMilliseconds);
        }

        var reserved = new ReservedBytesOf(streams, call.Caller) { Bytes = ReservedBytes };
        call.WhenAnswered(reserved);
        var composed = await call.ReadInLane<byte[]>(session => Compose(call, session, from));
        if (composed.Fault is { } refused)
            return refused;
        var page = composed.Value;
        reserved.Shrink(page.Length);
        return Answer.Raw(AnswerKind.Ok, page);
    }

    // A page has at least one key, of any length, unless most of the rows that may be examined for it have ended.
    private byte[] Compose(Call call, Session session, (string KeyId, int Number) from)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        using var writer = new Utf8JsonWriter(buffer, Written);
        writer.WriteStartObject();
        writer.WriteStartArray("data"u8);
        (string KeyId, int Number)? place = from;
        for (var (count, isFull) = (0, false); !isFull && place is { } at;)
        {
            var limit = Math.Min(count == 0 ? KeysPerFirstRead : KeysPerRead, Limits.PreloadedKeysPerPage - count);
            var (keys, next) = KeyPages.Read(session, call.Environment, at, limit);
            place = next;
            isFull = keys.Count < limit;
            foreach (var each in keys)
            {
                // The environment requires a higher level: this node does not know every input of a decision about its keys.
                if (!cache.Knows(each.Key))
                {
                    (place, isFull) = (null, true);
                    break;
                }

                Write(writer, call, each);
                if (++count < Limits.PreloadedKeysPerPage && writer.BytesCommitted + writer.BytesPending < Limits.PreloadedPageBytes)
                    continue;
                place = (Id.Format(IdKind.ApiKey, each.Key.Id), each.Key.SecretNumber);
                isFull = true;
                break;
            }
        }

        writer.WriteEndArray();
        writer.WriteString("after"u8, place is { } end ? Cursor(end) : null);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private void Write(Utf8JsonWriter writer, Call call, DigestedKey each)
    {
        var proof = proofs.Of(call.Caller, each.Key.Id, each.Key.SecretNumber);
        JsonSerializer.Serialize(
            writer, new PreloadedKey(Convert.ToHexStringLower(each.Digest), ReplicaKeys.Of(each.Key, proof)),
            ProtocolJson.Wire.PreloadedKey);
    }

    // Returns the bytes after the answer was sent, or when the connection has ended.
    private sealed class ReservedBytesOf(StreamQuota streams, Caller caller) : IDisposable
    {
        public required int Bytes { get; set; }

        public void Shrink(int bytes)
        {
            streams.Bytes.Return(caller.ManagementKeyId!, caller.Environment, Bytes - bytes);
            Bytes = bytes;
        }

        public void Dispose()
        {
            streams.Bytes.Return(caller.ManagementKeyId!, caller.Environment, Bytes);
            Bytes = 0;
        }
    }

    private static string Cursor((string KeyId, int Number) place)
        => string.Create(CultureInfo.InvariantCulture, $"{place.KeyId}.{place.Number}");

    private static (string KeyId, int Number)? Place(string cursor)
        => cursor.Split('.') is [var id, var number] && Id.Is(IdKind.ApiKey, id)
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)
            ? (id, parsed)
            : null;
}
