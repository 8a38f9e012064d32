using System.Text;
using Warder.Core.Management;
using Warder.Core.Verification;

namespace Warder.Core.Keys;

/// <summary>What the tokens of an environment look like: what can be said of one without looking it up. Immutable.</summary>
/// <param name="prefix">What the environment's own begin with.</param>
/// <param name="schemes">What keys look like that were imported there.</param>
public sealed class AcceptedTokenFormats(string prefix, IReadOnlyList<ImportScheme> schemes)
{
    private readonly byte[] prefixBytes = Encoding.ASCII.GetBytes(prefix);

    /// <summary>What the environment's own tokens begin with.</summary>
    public string Prefix => prefix;

    /// <summary>What keys look like that were imported there.</summary>
    public IReadOnlyList<ImportScheme> Schemes => schemes;

    /// <summary>Why a token cannot be a key of the environment, from its text alone; null when it has to be looked up.</summary>
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
