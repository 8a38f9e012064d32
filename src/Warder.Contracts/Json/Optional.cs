namespace Warder.Contracts.Json;

/// <summary>
/// A member of a merge patch (RFC 7396): absent, which leaves things as they are, or present, and then null clears.
/// </summary>
/// <param name="IsPresent">Whether the member is in the document at all; <c>default</c> is absent.</param>
/// <param name="Value">What it says; null clears. Meaningless when absent.</param>
public readonly record struct Optional<T>(bool IsPresent, T Value)
{
    /// <summary>Present, with this value: <c>Name = "deploy"</c>.</summary>
    public static implicit operator Optional<T>(T value) => new(IsPresent: true, value);

    /// <summary>The value if it is present, otherwise what stands now.</summary>
    public T Or(T current) => IsPresent ? Value : current;
}
