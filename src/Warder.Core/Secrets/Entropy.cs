using System.Security.Cryptography;

namespace Warder.Core.Secrets;

/// <summary>The only source of randomness. Code that needs random bytes takes an instance as an argument.</summary>
public abstract class Entropy
{
    /// <summary>The operating system's cryptographic generator: the only permitted source of secrets.</summary>
    public static Entropy System { get; } = new SystemEntropy();

    /// <summary>Fills the span with random bytes.</summary>
    public abstract void Fill(Span<byte> destination);

    /// <summary>Makes an array of random bytes.</summary>
    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        Fill(bytes);
        return bytes;
    }

    /// <summary>Makes a number from 0 to 1. It spreads actions that must not happen all at once.</summary>
    public double Fraction()
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        Fill(bytes);
        return BitConverter.ToUInt32(bytes) / (double)uint.MaxValue;
    }

    // The generator makes a system call at each draw, for any number of bytes. Each thread draws some in advance, and wipes them as it
    // gives them out.
    private sealed class SystemEntropy : Entropy
    {
        private const int Ahead = 512;
        private const int MostFromAhead = 64;

        [ThreadStatic]
        private static byte[]? drawn;

        [ThreadStatic]
        private static int left;

        public override void Fill(Span<byte> destination)
        {
            if (destination.Length > MostFromAhead)
            {
                RandomNumberGenerator.Fill(destination);
                return;
            }

            var bytes = drawn ??= new byte[Ahead];
            if (left < destination.Length)
            {
                // Before the draw: after an exception, no byte of the buffer counts as drawn.
                left = 0;
                RandomNumberGenerator.Fill(bytes);
                left = Ahead;
            }

            left -= destination.Length;
            var given = bytes.AsSpan(left, destination.Length);
            given.CopyTo(destination);
            given.Clear();
        }
    }
}
