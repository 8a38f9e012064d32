namespace Warder.Engine.Verification;

/// <summary>Limits on what a validation may ask about.</summary>
internal static class ValidationLimits
{
    public const int ValueCharacters = 512;
}
