using System.Buffers;
using System.Text;
using Warder.Core.Secrets;

namespace Warder.Client.Replicas;

/// <summary>One of several tokens that are validated together.</summary>
/// <param name="Value">What a caller presented.</param>
/// <param name="Permissions">What the key must have; null: nothing.</param>
public readonly record struct PresentedToken(SecretString Value, RequiredPermissions? Permissions = null)
{
    /// <summary>No key is longer, or anything but ASCII.</summary>
    internal const int MaxBytes = 512;

    /// <summary>What the key must have.</summary>
    internal RequiredPermissions Required => Permissions ?? RequiredPermissions.None;

    /// <summary>Its bytes. False: it cannot be a key's.</summary>
    internal bool TryRead(Span<byte> bytes, out int length) => TryRead(Value.Reveal(), bytes, out length);

    /// <summary>The same for any text.</summary>
    internal static bool TryRead(ReadOnlySpan<char> text, Span<byte> bytes, out int length)
    {
        length = 0;
        return text.Length <= MaxBytes && Ascii.FromUtf16(text, bytes, out length) == OperationStatus.Done;
    }
}
