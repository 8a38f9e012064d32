namespace Warder.Cedar;

/// <summary>
/// Bounds on the input and on the work of parsing, evaluation and validation. Policies and entities are untrusted input. Input beyond a
/// bound yields an error that names the bound. The defaults far exceed hand-written input.
/// </summary>
public sealed record Limits
{
    /// <summary>
    /// The maximum nesting depth of a text, a JSON document or a value. On a thread with a very small stack the parser may refuse text at a
    /// lower depth. The bound is constant: input within the bound is evaluated, written and compared within a stack of 256 KB.
    /// </summary>
    public const int Depth = 128;

    /// <summary>The default limits.</summary>
    public static Limits Default { get; } = new();

    /// <summary>The maximum length of a text or JSON document in UTF-16 units.</summary>
    public int TextLength { get; init; } = 64 << 20;

    /// <summary>The maximum number of policies and templates in a set, including links.</summary>
    public int Policies { get; init; } = 1_000_000;

    /// <summary>The maximum number of elements of a set, fields of a record, arguments of a call, or operands of a chain.</summary>
    public int Elements { get; init; } = 100_000;

    /// <summary>The maximum number of types and actions that a schema declares.</summary>
    public int Declarations { get; init; } = 100_000;

    /// <summary>The maximum number of types within one type of a schema, after each common type is expanded at each use.</summary>
    public int TypeSize { get; init; } = 100_000;

    /// <summary>The maximum length of a namespace name in a schema. The namespace prefixes each name that is declared in it.</summary>
    public int NamespaceLength { get; init; } = 1_000;

    /// <summary>The maximum number of entities in a store.</summary>
    public int Entities { get; init; } = 10_000_000;

    /// <summary>
    /// The maximum number of pairs of an entity and one of its ancestors in a store. A schema may have a quarter as many pairs of types,
    /// and a quarter as many pairs of actions.
    /// </summary>
    public int Ancestors { get; init; } = 16_000_000;

    /// <summary>
    /// The maximum number of steps in one decision. A step is an operator, an element, a name lookup, or up to 32 characters to read. The
    /// evaluator counts a step before it runs the step. A step takes at most 100 ns of processor time.
    /// </summary>
    public long EvaluationSteps { get; init; } = 50_000_000;

    /// <summary>
    /// The maximum number of steps in the validation of a policy set. A step is one expression for one kind of request, or one type that is
    /// compared for it. A step takes at most 100 ns of processor time.
    /// </summary>
    public long ValidationSteps { get; init; } = 100_000_000;

    /// <summary>The maximum number of errors reported for one text or one policy.</summary>
    public int Errors { get; init; } = 20;
}
