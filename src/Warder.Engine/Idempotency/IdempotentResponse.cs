using System.Security.Cryptography;
using System.Text;
using Warder.Core.Faults;
using Warder.Core.Secrets;
using Warder.Engine.Changes;
using Warder.Storage.Idempotency;
using Warder.Storage.Journal;

namespace Warder.Engine.Idempotency;

/// <summary>
/// Stores the answer of one call with an idempotency key, in the transaction of the change itself, and returns it to a retry. The stored
/// answer is sealed with AES-256-GCM under HKDF-SHA256 (RFC 5869) of the caller's bearer token and the idempotency key, neither of which is
/// stored: a secret that was shown once is on disk in no readable form.
/// </summary>
internal sealed class IdempotentResponse
{
    private const int NonceBytes = 12;
    private const int MacBytes = 16;
    private static readonly byte[] Purpose = "warder idempotent answer"u8.ToArray();

    private readonly byte[] scope;
    private readonly byte[] requestDigest;
    private readonly byte[] key;
    private readonly Entropy entropy;

    /// <summary>Prepares to store the answer of a call.</summary>
    /// <param name="managementKeyId">Part of the scope: two callers never share an answer.</param>
    /// <param name="method">Part of the scope.</param>
    /// <param name="target">Part of the scope: the canonical target of the call.</param>
    /// <param name="idempotencyKey">Part of the scope, and of the sealing key.</param>
    /// <param name="bearer">Part of the sealing key.</param>
    /// <param name="body">The request's body: a retry must have the same.</param>
    /// <param name="entropy">The source of nonces.</param>
    public IdempotentResponse(
        string managementKeyId, string method, string target, string idempotencyKey, SecretString bearer, ReadOnlySpan<byte> body,
        Entropy entropy)
    {
        scope = SHA256.HashData(Encoding.UTF8.GetBytes($"{managementKeyId}\n{method}\n{target}\n{idempotencyKey}"));
        requestDigest = SHA256.HashData(body);
        key = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes($"{bearer.Reveal()}\n{idempotencyKey}"), 32, scope, Purpose);
        this.entropy = entropy;
    }

    /// <summary>Runs the command, or returns its stored answer if it has run.</summary>
    public Result<Answer> Run(CommandContext context, Func<CommandContext, Result<Answer>> command)
    {
        if (IdempotencyTable.Find(context.Session, scope, context.Now) is { } kept)
            return Replay(kept);
        var result = command(context);
        if (result.Fault is null && !context.RollBack)
        {
            var answer = new IdempotentAnswer(requestDigest, (int)result.Value.Kind, Seal(Write(result.Value)));
            IdempotencyTable.Insert(context.Session, scope, answer, context.Now);
        }

        return result;
    }

    private Result<Answer> Replay(IdempotentAnswer kept)
    {
        if (!CryptographicOperations.FixedTimeEquals(kept.RequestDigest, requestDigest))
            return Fault.Field(
                "Idempotency-Key", "idempotency_key_reused",
                "This idempotency key was used with another body. Use a new key for another request.");
        var body = Open(kept.Sealed);
        if (body is null)
        {
            return Fault.Conflict(
                "idempotent_answer_unreadable",
                "This request was carried out before, with another secret of this management key;"
                + " its answer can be read with that one only.");
        }

        return Read((AnswerKind)kept.Status, body);
    }

    // The body; and behind a NUL, which no JSON contains, the receipt's id, if there is one.
    private static byte[] Write(Answer answer)
        => answer.ReceiptId is { } receipt ? [.. answer.Body ?? [], 0, .. Encoding.ASCII.GetBytes(receipt)] : answer.Body ?? [];

    private static Answer Read(AnswerKind kind, byte[] bytes)
    {
        var end = bytes.IndexOf((byte)0);
        var body = end < 0 ? bytes : bytes[..end];
        var answer = Answer.Raw(kind, body.Length == 0 ? null : body);
        return end < 0 ? answer : answer.Expecting(Encoding.ASCII.GetString(bytes.AsSpan(end + 1)));
    }

    private byte[] Seal(byte[] body)
    {
        var box = new byte[NonceBytes + MacBytes + body.Length];
        entropy.Fill(box.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(key, MacBytes);
        aes.Encrypt(box.AsSpan(0, NonceBytes), body, box.AsSpan(NonceBytes + MacBytes), box.AsSpan(NonceBytes, MacBytes), scope);
        return box;
    }

    private byte[]? Open(byte[] box)
    {
        var body = new byte[box.Length - NonceBytes - MacBytes];
        using var aes = new AesGcm(key, MacBytes);
        try
        {
            aes.Decrypt(box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes + MacBytes), box.AsSpan(NonceBytes, MacBytes), body, scope);
            return body;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
