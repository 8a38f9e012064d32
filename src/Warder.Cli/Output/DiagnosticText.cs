using System.Text.Json.Nodes;
using Warder.Cedar.Diagnostics;

namespace Warder.Cli.Output;

/// <summary>Prints diagnostics of Cedar: as a compiler prints them, or in JSON.</summary>
internal static class DiagnosticText
{
    /// <summary>Prints diagnostics one after another.</summary>
    public static void Print(TextWriter output, IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
        {
            var where = diagnostic is { File: null, PolicyId: { } id } ? $"{id}: " : "";
            Lines(output, where + diagnostic);
        }
    }

    /// <summary>Prints untrusted text, with its lines.</summary>
    public static void Lines(TextWriter output, string text, string indent = "")
    {
        foreach (var line in text.Split('\n'))
            output.WriteLine(indent + Printable.From(line.TrimEnd('\r')));
    }

    /// <summary>Writes diagnostics in JSON.</summary>
    public static JsonArray Json(IEnumerable<Diagnostic> diagnostics) => [.. diagnostics.Select(it => new JsonObject
    {
        ["severity"] = it.Severity == Severity.Error ? "error" : "warning",
        ["code"] = it.Code,
        ["message"] = it.Message,
        ["help"] = it.Help,
        ["file"] = it.File,
        ["line"] = it.Line > 0 ? it.Line : null,
        ["column"] = it.Column > 0 ? it.Column : null,
        ["excerpt"] = it.Excerpt,
        ["path"] = it.Path,
        ["policy_id"] = it.PolicyId,
    })];
}
