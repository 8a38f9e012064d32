using System.Diagnostics.CodeAnalysis;
using Warder.Cedar.Diagnostics;

namespace Warder.Cedar;

/// <summary>What came of reading something: a value, or the reasons why there is none.</summary>
/// <typeparam name="T">What was to be read.</typeparam>
public sealed class Parsed<T>
    where T : class
{
    internal Parsed(T value, IReadOnlyList<Diagnostic>? warnings = null) => (Value, Diagnostics) = (value, warnings ?? []);

    internal Parsed(IReadOnlyList<Diagnostic> errors) => Diagnostics = errors;

    /// <summary>What was read; null when there are errors.</summary>
    public T? Value { get; }

    /// <summary>The errors, in the order of the text; beside a value, what else is worth saying.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool Succeeded => Value is not null;

    /// <summary>The value.</summary>
    /// <exception cref="FormatException">There is none. The message has all that is wrong, with places and excerpts.</exception>
    public T ValueOrThrow() => Value ?? throw new FormatException(string.Join('\n', Diagnostics));
}
