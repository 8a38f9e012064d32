namespace Warder.Engine.Verification;

/// <summary>Limits on the content of a validation.</summary>
internal static class ValidationLimits
{
    public const int ValueCharacters = 512;
}
