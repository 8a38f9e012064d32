namespace Warder.Core.Verification;

/// <summary>
/// Numbers the inputs that the decisions of a version of Warder take. A version adds 1 when it adds an input. An environment requires the
/// level of the inputs that it uses, and a verifier of a lower level answers <see cref="DecisionCode.Unavailable"/> there: it would decide
/// without an input, and could allow what the input denies.
/// </summary>
public static class FeatureLevel
{
    /// <summary>The level that every environment requires.</summary>
    public const int First = 1;

    /// <summary>The level of this version.</summary>
    public const int Current = 1;
}
