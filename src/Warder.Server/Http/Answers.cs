using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Warder.Contracts.Lists;
using Warder.Engine.Changes;

namespace Warder.Server.Http;

/// <summary>Makes answers with the statuses of HTTP.</summary>
internal static class Answers
{
    private static readonly Answer Empty = new(204, null);

    extension(Answer)
    {
        /// <summary>204, without a body.</summary>
        public static Answer NoContent => Empty;

        /// <summary>200 with a body.</summary>
        public static Answer Ok<T>(T body, JsonTypeInfo<T> type) => new(200, () => JsonSerializer.SerializeToUtf8Bytes(body, type));

        /// <summary>200 with a body that is shaped when it is rendered. It is shaped from what does not change.</summary>
        public static Answer Ok<T>(Func<T> body, JsonTypeInfo<T> type) => new(200, () => JsonSerializer.SerializeToUtf8Bytes(body(), type));

        /// <summary>200 with a list that is whole on its one page.</summary>
        public static Answer Whole<T>(IReadOnlyList<T> items, JsonTypeInfo<ListPage<T>> type)
            => Answer.Ok(new ListPage<T> { Data = items, ListMetadata = new ListMetadata(null, null) }, type);

        /// <summary>201 with a body.</summary>
        public static Answer Created<T>(T body, JsonTypeInfo<T> type) => new(201, () => JsonSerializer.SerializeToUtf8Bytes(body, type));

        /// <summary>201 with a body that is shaped when it is rendered. It is shaped from what does not change.</summary>
        public static Answer Created<T>(Func<T> body, JsonTypeInfo<T> type) => new(201, () => JsonSerializer.SerializeToUtf8Bytes(body(), type));
    }
}
