using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Warder.Contracts.Lists;
using Warder.Engine.Changes;

namespace Warder.Server.Http;

/// <summary>Creates answers with HTTP statuses.</summary>
internal static class Answers
{
    private static readonly Answer Empty = new(204, null);

    extension(Answer)
    {
        /// <summary>204, without a body.</summary>
        public static Answer NoContent => Empty;

        /// <summary>Creates an answer with status 200 and a body.</summary>
        public static Answer Ok<T>(T body, JsonTypeInfo<T> type) => new(200, () => JsonSerializer.SerializeToUtf8Bytes(body, type));

        /// <summary>
        /// Creates an answer with status 200 and a body that is shaped when it is rendered, from values that do not change.
        /// </summary>
        public static Answer Ok<T>(Func<T> body, JsonTypeInfo<T> type) => new(200, () => JsonSerializer.SerializeToUtf8Bytes(body(), type));

        /// <summary>Creates an answer with status 200 and a complete list on one page.</summary>
        public static Answer Whole<T>(IReadOnlyList<T> items, JsonTypeInfo<ListPage<T>> type)
            => Answer.Ok(new ListPage<T> { Data = items, ListMetadata = new ListMetadata(null, null) }, type);

        /// <summary>Creates an answer with status 201 and a body.</summary>
        public static Answer Created<T>(T body, JsonTypeInfo<T> type) => new(201, () => JsonSerializer.SerializeToUtf8Bytes(body, type));

        /// <summary>
        /// Creates an answer with status 201 and a body that is shaped when it is rendered, from values that do not change.
        /// </summary>
        public static Answer Created<T>(Func<T> body, JsonTypeInfo<T> type)
            => new(201, () => JsonSerializer.SerializeToUtf8Bytes(body(), type));
    }
}
