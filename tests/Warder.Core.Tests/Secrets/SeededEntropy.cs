using Warder.Core.Secrets;

namespace Warder.Core.Tests.Secrets;

/// <summary>Generates bytes that look random and are the same in every run.</summary>
internal sealed class SeededEntropy(int seed) : Entropy
{
    private readonly Random random = new(seed);

    public override void Fill(Span<byte> destination) => random.NextBytes(destination);
}

/// <summary>A broken generator: one byte for ever.</summary>
internal sealed class ConstantEntropy(byte value) : Entropy
{
    public override void Fill(Span<byte> destination) => destination.Fill(value);
}
