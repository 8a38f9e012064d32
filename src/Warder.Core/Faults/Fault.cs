namespace Warder.Core.Faults;

/// <summary>The kind of a refusal. The server maps each kind to one HTTP status.</summary>
public enum FaultKind
{
    /// <summary>The request cannot be read.</summary>
    Unparsable,

    /// <summary>The request is well-formed, and its content is impossible.</summary>
    Invalid,

    /// <summary>No entity of that name exists, or none that the caller may see.</summary>
    NotFound,

    /// <summary>The caller may not do this.</summary>
    Forbidden,

    /// <summary>The thing is in a state that does not allow this.</summary>
    Conflict,

    /// <summary>The result cannot be known now; a later attempt may succeed.</summary>
    Unavailable,
}

/// <summary>One refused field.</summary>
/// <param name="Field">The field's path: <c>name</c>, <c>permissions[0]</c>, <c>owner.id</c>.</param>
/// <param name="Code">The reason, for programs: <c>required</c>, <c>too_long</c>, <c>unknown_permission</c>, …</param>
/// <param name="Message">The expected content, for people.</param>
public sealed record FieldFault(string Field, string Code, string Message);

/// <summary>The refusal of a command: a value, never an exception. A refused command writes nothing.</summary>
public sealed record Fault(FaultKind Kind, string Code, string Message)
{
    /// <summary>The fields at fault; empty when the fault is not a field's.</summary>
    public IReadOnlyList<FieldFault> Fields { get; init; } = [];

    /// <summary>Makes the fault of an entity that does not exist, or that the caller may not see.</summary>
    public static Fault NotFound(string what) => new(FaultKind.NotFound, "entity_not_found", $"{what} not found.");

    /// <summary>The thing's state does not allow this.</summary>
    public static Fault Conflict(string code, string message) => new(FaultKind.Conflict, code, message);

    /// <summary>The caller may not do this.</summary>
    public static Fault Forbidden(string code, string message) => new(FaultKind.Forbidden, code, message);

    /// <summary>One field is wrong.</summary>
    public static Fault Field(string field, string code, string message) => Invalid([new FieldFault(field, code, message)]);

    /// <summary>Several fields are wrong.</summary>
    public static Fault Invalid(IReadOnlyList<FieldFault> fields)
            => new(
                FaultKind.Invalid,
                fields.Count > 0 ? fields[0].Code : "invalid_request",
                fields.Count > 0 ? fields[0].Message : "The request is invalid.")
        {
            Fields = fields,
        };
}

/// <summary>A value, or the fault that prevents it.</summary>
public readonly struct Result<T>
{
    private readonly T? value;
    private readonly bool hasValue;

    private Result(T? value, bool hasValue, Fault? fault) => (this.value, this.hasValue, Fault) = (value, hasValue, fault);

    /// <summary>The reason for the missing value; null when there is a value.</summary>
    public Fault? Fault { get; }

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">There is no value: the command was refused, or the result is a default.</exception>
    public T Value
        => hasValue ? value! : throw new InvalidOperationException($"There is no value: {Fault?.Code ?? "nothing was decided"}.");

    /// <summary>A value is a result.</summary>
    public static implicit operator Result<T>(T value) => new(value, true, null);

    /// <summary>A fault is a result.</summary>
    public static implicit operator Result<T>(Fault fault) => new(default, false, fault);
}
