using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Validation;

/// <summary>A difference of entities or a request from the schema, with the path of names at which it occurs.</summary>
internal sealed record Mismatch(IReadOnlyList<string> Path, string Code, string Message, string? Help = null)
{
    /// <summary>The path in policy syntax; null for the root.</summary>
    public string? PathText
        => Path.Count == 0
            ? null
            : string.Concat(Path.Select((step, place) => Identifiers.IsName(step)
                ? place == 0 ? step : $".{step}"
                : $"[{Parsing.StringLiteral.Quote(step)}]"));

    /// <summary>Creates a public diagnostic.</summary>
    public Diagnostic ToDiagnostic() => new() { Code = Code, Message = Message, Help = Help, Path = PathText };
}
