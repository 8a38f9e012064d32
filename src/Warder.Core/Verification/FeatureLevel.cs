namespace Warder.Core.Verification;

/// <summary>
/// Numbers the inputs of the decisions of a version. A version that adds an input adds 1. An environment requires the level of the inputs
/// that it uses. A verifier of a lower level answers <see cref="DecisionCode.Unavailable"/> there: without an input it could allow a
/// request that the input denies.
/// </summary>
public static class FeatureLevel
{
    /// <summary>The level that every environment requires.</summary>
    public const int First = 1;

    /// <summary>The level of this version.</summary>
    public const int Current = 1;
}
