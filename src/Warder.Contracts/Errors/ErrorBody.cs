using System.Text.Json.Serialization;

namespace Warder.Contracts.Errors;

/// <summary>The body of every answer that is not a success.</summary>
public sealed record ErrorBody
{
    /// <summary>What was wrong and what would be right, for people.</summary>
    public required string Message { get; init; }

    /// <summary>What was wrong, for programs: <c>entity_not_found</c>, <c>api_key_ended</c>, …</summary>
    public required string Code { get; init; }

    /// <summary>The fields at fault; left out when the fault is not a field's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FieldError>? Errors { get; init; }

    /// <summary>The request's id, as in the header <c>X-Request-ID</c>.</summary>
    public required string RequestId { get; init; }
}

/// <summary>One field that was refused.</summary>
public sealed record FieldError
{
    /// <summary>Where: <c>name</c>, <c>permissions[0]</c>, <c>owner.id</c>.</summary>
    public required string Field { get; init; }

    /// <summary>What, for programs: <c>required</c>, <c>too_long</c>, <c>unknown_permission</c>, …</summary>
    public required string Code { get; init; }

    /// <summary>What would be right, for people.</summary>
    public required string Message { get; init; }
}
