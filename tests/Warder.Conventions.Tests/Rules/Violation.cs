namespace Warder.Conventions.Tests.Rules;

/// <summary>One place that breaks one rule.</summary>
/// <param name="Where">A file, a folder, <c>file#Member</c> or a name: the key of an exception.</param>
/// <param name="What">The fault, and its correction.</param>
internal sealed record Violation(string Where, string What);
