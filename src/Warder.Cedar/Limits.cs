namespace Warder.Cedar;

/// <summary>
/// How much of everything is read. Policies and entities are untrusted input: what goes beyond a limit is an error that says so. The
/// defaults hold far more than people write.
/// </summary>
public sealed record Limits
{
    /// <summary>
    /// The deepest nesting that any text, JSON document or value may have; on a thread with a very small stack, text may be refused that is
    /// nested less. It cannot be raised: whatever keeps to it is evaluated, written and compared within a stack of 256 KB.
    /// </summary>
    public const int Depth = 128;

    /// <summary>The limits that hold where none are given.</summary>
    public static Limits Default { get; } = new();

    /// <summary>The longest text, in UTF-16 units (JSON: in UTF-8 bytes).</summary>
    public int TextLength { get; init; } = 64 << 20;

    /// <summary>The most policies and templates, with links, in a set.</summary>
    public int Policies { get; init; } = 1_000_000;

    /// <summary>The most elements in one set, fields in one record, arguments of one call, operands of one chain.</summary>
    public int Elements { get; init; } = 100_000;

    /// <summary>The most types and actions that a schema declares.</summary>
    public int Declarations { get; init; } = 100_000;

    /// <summary>The most types in one type of a schema, when each common type in it is written out wherever it stands.</summary>
    public int TypeSize { get; init; } = 100_000;

    /// <summary>The longest name of a namespace in a schema: it stands before each name that is declared there.</summary>
    public int NamespaceLength { get; init; } = 1_000;

    /// <summary>The most entities in a store.</summary>
    public int Entities { get; init; } = 10_000_000;

    /// <summary>
    /// The most pairs of an entity and an ancestor of it that a store remembers; a schema may have a fourth as many of types, and of
    /// actions.
    /// </summary>
    public int Ancestors { get; init; } = 16_000_000;

    /// <summary>
    /// The most steps in one decision. A step is an operator, an element, a name that is looked up, or 32 characters that may be read; it
    /// is counted before it is done, and takes at most 100 ns of a processor's time.
    /// </summary>
    public long EvaluationSteps { get; init; } = 50_000_000;

    /// <summary>
    /// The most steps in validating the policies of a set. A step is an expression, for one kind of request, or a type that is compared
    /// there; it takes at most 100 ns of a processor's time.
    /// </summary>
    public long ValidationSteps { get; init; } = 100_000_000;

    /// <summary>The most errors that are reported for one text, or one policy.</summary>
    public int Errors { get; init; } = 20;
}
