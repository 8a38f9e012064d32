namespace Warder.Contracts.Json;

/// <summary>A member of a merge patch (RFC 7396). An absent member leaves the field unchanged; a present null clears it.</summary>
/// <param name="IsPresent">Whether the document has the member; <c>default</c> is absent.</param>
/// <param name="Value">The member's value; null clears the field. Meaningless when absent.</param>
public readonly record struct Optional<T>(bool IsPresent, T Value)
{
    /// <summary>Creates a present member with this value: <c>Name = "deploy"</c>.</summary>
    public static implicit operator Optional<T>(T value) => new(IsPresent: true, value);

    /// <summary>Returns the value if the member is present, otherwise the current value.</summary>
    public T Or(T current) => IsPresent ? Value : current;
}
