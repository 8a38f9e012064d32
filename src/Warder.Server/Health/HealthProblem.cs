namespace Warder.Server.Health;

/// <summary>Something that is wrong with a node.</summary>
/// <param name="Code">The kind: lower-case letters and underscores.</param>
/// <param name="Message">The reason.</param>
/// <param name="Since">The time since when.</param>
/// <param name="IsBlocking">Whether the node is not ready because of it.</param>
internal sealed record HealthProblem(string Code, string Message, DateTimeOffset Since, bool IsBlocking);
