using System.Text.Json.Serialization;

namespace Warder.Contracts.Errors;

/// <summary>The body of every answer that reports an error.</summary>
public sealed record ErrorBody
{
    /// <summary>The error and its remedy, for people.</summary>
    public required string Message { get; init; }

    /// <summary>The error, for programs: <c>entity_not_found</c>, <c>api_key_ended</c>, …</summary>
    public required string Code { get; init; }

    /// <summary>
    /// The invalid fields. Left out when the error concerns no field, but empty in an answer 400, where WorkOS' models require it.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FieldError>? Errors { get; init; }

    /// <summary>The request's id, as in the header <c>X-Request-ID</c>.</summary>
    public required string RequestId { get; init; }
}

/// <summary>One invalid field.</summary>
public sealed record FieldError
{
    /// <summary>The path of the field: <c>name</c>, <c>permissions[0]</c>, <c>owner.id</c>.</summary>
    public required string Field { get; init; }

    /// <summary>The error, for programs: <c>required</c>, <c>too_long</c>, <c>unknown_permission</c>, …</summary>
    public required string Code { get; init; }

    /// <summary>The values that are valid, for people.</summary>
    public required string Message { get; init; }
}
