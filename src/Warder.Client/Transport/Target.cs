using System.Globalization;
using System.Text;
using Warder.Contracts.Json;

namespace Warder.Client.Transport;

/// <summary>Builds a request's path and query. Every part from outside is escaped.</summary>
internal sealed class Target
{
    private readonly StringBuilder text = new();
    private bool hasQuery;

    public Target(string path) => text.Append(path);

    /// <summary>Escapes one segment of a path: an id or a slug.</summary>
    /// <exception cref="ArgumentException">The segment would lead to another route: empty, <c>.</c> or <c>..</c>.</exception>
    public static string Segment(string segment)
        => segment is null or "" or "." or ".."
            ? throw new ArgumentException("An id or slug must not be empty, nor consist of dots.")
            : Uri.EscapeDataString(segment);

    public Target With(string name, string? value)
    {
        if (value is null)
            return this;
        text.Append(hasQuery ? '&' : '?').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        hasQuery = true;
        return this;
    }

    public Target With(string name, int? value) => With(name, value?.ToString(CultureInfo.InvariantCulture));

    public Target With(string name, DateTimeOffset? value) => With(name, value is { } time ? TimeConverter.Write(time) : null);

    /// <summary>Adds several values, joined by commas. An empty list is sent as an empty value, which the server refuses.</summary>
    public Target With(string name, IReadOnlyList<string>? values)
        => With(name, values is null ? null : string.Join(',', values));

    public override string ToString() => text.ToString();
}
