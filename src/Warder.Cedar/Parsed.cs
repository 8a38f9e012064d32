using System.Diagnostics.CodeAnalysis;
using Warder.Cedar.Diagnostics;

namespace Warder.Cedar;

/// <summary>The result of parsing: a value, or the errors that prevented one.</summary>
/// <typeparam name="T">The type of the parsed value.</typeparam>
public sealed class Parsed<T>
    where T : class
{
    internal Parsed(T value, IReadOnlyList<Diagnostic>? warnings = null) => (Value, Diagnostics) = (value, warnings ?? []);

    internal Parsed(IReadOnlyList<Diagnostic> errors) => Diagnostics = errors;

    /// <summary>The parsed value; null when there are errors.</summary>
    public T? Value { get; }

    /// <summary>The errors in the order of the text; beside a value, the warnings.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool Succeeded => Value is not null;

    /// <summary>Returns the parsed value.</summary>
    /// <exception cref="FormatException">Parsing failed. The message lists all errors, with positions and excerpts.</exception>
    public T ValueOrThrow() => Value ?? throw new FormatException(string.Join('\n', Diagnostics));
}
