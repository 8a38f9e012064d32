namespace Warder.Conventions.Tests.Rules;

/// <summary>One place that breaks one rule.</summary>
/// <param name="Where">A file, a folder, <c>file#Member</c> or a name: what an exception is entered under.</param>
/// <param name="What">What is wrong there, and what would be right.</param>
internal sealed record Violation(string Where, string What);
