using Warder.Core.Keys;
using Warder.Core.Secrets;

namespace Warder.Engine.Keys;

/// <summary>
/// The secret of a new key, prepared on its caller's thread. A command that runs again can reuse it, because the first run wrote nothing.
/// </summary>
internal sealed record NewSecret(SecretString Token, string ObfuscatedValue, byte[] Digest)
{
    /// <summary>Draws a secret.</summary>
    /// <param name="prefix">The prefix of its token.</param>
    /// <param name="entropy">The source of secrets.</param>
    public static NewSecret Draw(string prefix, Entropy entropy) => Of(TokenFormat.Issue(prefix, entropy));

    /// <summary>Prepares a given token.</summary>
    public static NewSecret Of(SecretString token) => new(token, TokenFormat.Obfuscate(token), token.Digest());

    /// <inheritdoc/>
    public override string ToString() => "[redacted] " + ObfuscatedValue;
}
