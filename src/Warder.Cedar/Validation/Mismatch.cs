using Warder.Cedar.Diagnostics;
using Warder.Cedar.Syntax;

namespace Warder.Cedar.Validation;

/// <summary>Something about entities or a request that the schema does not have, and on what path of names it is to be found.</summary>
internal sealed record Mismatch(IReadOnlyList<string> Path, string Code, string Message, string? Help = null)
{
    /// <summary>The path as policies would write it.</summary>
    public string? PathText => Path.Count == 0 ? null : string.Concat(Path.Select((step, place) => Identifiers.IsName(step) ? place == 0 ? step : $".{step}" : $"[{Parsing.StringLiteral.Quote(step)}]"));

    /// <summary>As others see it.</summary>
    public Diagnostic ToDiagnostic() => new() { Code = Code, Message = Message, Help = Help, Path = PathText };
}
