using Warder.Core.Time;

namespace Warder.Storage.Idempotency;

/// <summary>A stored response, sealed.</summary>
/// <param name="RequestDigest">SHA-256 of the request's body.</param>
/// <param name="Status">The number of the answer's kind.</param>
/// <param name="Sealed">The body. Only the caller's own secret material opens it.</param>
public sealed record IdempotentAnswer(byte[] RequestDigest, int Status, byte[] Sealed);

/// <summary>The table <c>idempotent_answers</c>: written in the transaction of the command that the response belongs to.</summary>
public static class IdempotencyTable
{
    /// <summary>The time for which a response is kept: 24 hours.</summary>
    public const long KeptMilliseconds = 24L * 60 * 60 * 1000;

    /// <summary>The answer that was given in this scope and is still kept.</summary>
    public static IdempotentAnswer? Find(Session session, byte[] scope, Instant now)
        => session.First(
            "SELECT request_digest, status, sealed FROM idempotent_answers WHERE scope = $1 AND created_at > $2",
            static row => new IdempotentAnswer(row.Bytes(0), row.GetInt32(1), row.Bytes(2)),
            scope, now.UnixMilliseconds - KeptMilliseconds);

    /// <summary>
    /// Keeps an answer; one that is too old to count gives way. One that another node has just kept does not: the command runs again, and
    /// gives that.
    /// </summary>
    public static void Insert(Session session, byte[] scope, IdempotentAnswer answer, Instant now)
    {
        session.Write(
            "DELETE FROM idempotent_answers WHERE scope = $1 AND created_at <= $2", scope, now.UnixMilliseconds - KeptMilliseconds);
        session.Write(
            "INSERT INTO idempotent_answers (scope, request_digest, status, sealed, created_at) VALUES ($1, $2, $3, $4, $5)",
            scope, answer.RequestDigest, answer.Status, answer.Sealed, now.UnixMilliseconds);
    }

    /// <summary>Drops some that are too old to count. Returns how many.</summary>
    public static int Prune(Session session, Instant now, int limit)
        => session.Execute(
            "DELETE FROM idempotent_answers"
            + " WHERE scope IN (SELECT scope FROM idempotent_answers WHERE created_at <= $1 ORDER BY created_at LIMIT $2)",
            now.UnixMilliseconds - KeptMilliseconds, limit);
}
