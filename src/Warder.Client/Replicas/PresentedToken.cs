using System.Buffers;
using System.Text;
using Warder.Core.Secrets;

namespace Warder.Client.Replicas;

/// <summary>One of several tokens that are validated together.</summary>
/// <param name="Value">The presented key.</param>
/// <param name="Permissions">The permissions that the key must have; null: none.</param>
public readonly record struct PresentedToken(SecretString Value, RequiredPermissions? Permissions = null)
{
    /// <summary>The maximum length of a key in bytes. A key holds ASCII only.</summary>
    internal const int MaxBytes = 512;

    /// <summary>The permissions that the key must have.</summary>
    internal RequiredPermissions Required => Permissions ?? RequiredPermissions.None;

    /// <summary>Reads the token's bytes. Returns false when the token cannot be a key.</summary>
    internal bool TryRead(Span<byte> bytes, out int length) => TryRead(Value.Reveal(), bytes, out length);

    /// <summary>Reads the bytes of a text. Returns false when the text cannot be a key.</summary>
    internal static bool TryRead(ReadOnlySpan<char> text, Span<byte> bytes, out int length)
    {
        length = 0;
        return text.Length <= MaxBytes && Ascii.FromUtf16(text, bytes, out length) == OperationStatus.Done;
    }
}
