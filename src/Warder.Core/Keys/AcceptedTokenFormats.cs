using System.Text;
using Warder.Core.Management;
using Warder.Core.Verification;

namespace Warder.Core.Keys;

/// <summary>The token formats of an environment. They classify a token without a look-up. Immutable.</summary>
/// <param name="prefix">The prefix of the environment's own tokens.</param>
/// <param name="schemes">The schemes of the keys that were imported into the environment.</param>
public sealed class AcceptedTokenFormats(string prefix, IReadOnlyList<ImportScheme> schemes)
{
    private readonly byte[] prefixBytes = Encoding.ASCII.GetBytes(prefix);

    /// <summary>The prefix of the environment's own tokens.</summary>
    public string Prefix => prefix;

    /// <summary>The schemes of the keys that were imported into the environment.</summary>
    public IReadOnlyList<ImportScheme> Schemes => schemes;

    /// <summary>
    /// Finds the reason, from the text alone, that a token cannot be a key of the environment; null when a look-up is needed.
    /// </summary>
    public DecisionCode? Refuse(ReadOnlySpan<byte> token)
    {
        if (TokenFormat.TrySplit(token, out var found))
        {
            if (found.SequenceEqual(prefixBytes))
                return null;
            if (Ascii.Equals(found, ManagementKey.TokenPrefix))
                return DecisionCode.NotFound;
            return FitsScheme(token) ? null : DecisionCode.WrongEnvironment;
        }

        return FitsScheme(token) ? null : DecisionCode.Malformed;
    }

    private bool FitsScheme(ReadOnlySpan<byte> token)
    {
        foreach (var scheme in schemes)
        {
            if (scheme.Fits(token))
                return true;
        }

        return false;
    }
}
