namespace Warder.Core.Events;

/// <summary>
/// The bytes of an event that the log stores and hashes. The first thread that requests them composes them, once: the log's writer hands
/// the composition to another thread and needs the bytes only for the commit.
/// </summary>
/// <remarks>Thread-safe. A composition that fails throws the same exception at each request.</remarks>
public sealed class EventBody
{
    private readonly Lazy<Content> content;

    private EventBody(Func<Content> compose) => content = new Lazy<Content>(compose);

    /// <summary>The event's JSON in UTF-8, with a digest in the place of each personal value: stored verbatim and hashed.</summary>
    public byte[] Bytes => content.Value.Bytes;

    /// <summary>The personal values, stored apart so that they can be erased.</summary>
    public IReadOnlyList<PersonalValue> PersonalValues => content.Value.PersonalValues;

    /// <summary>The leaf of the hash chain: see <see cref="LogChain"/>.</summary>
    public ReadOnlySpan<byte> Leaf => content.Value.Leaf;

    /// <summary>Takes bytes without personal values.</summary>
    public static EventBody Of(byte[] bytes) => new(() => new Content(bytes, []));

    /// <summary>Takes a composition. It runs once, on any thread, and depends on nothing that changes.</summary>
    public static EventBody Later(Func<(byte[] Bytes, IReadOnlyList<PersonalValue> PersonalValues)> compose)
        => new(() =>
        {
            var (bytes, values) = compose();
            return new Content(bytes, values);
        });

    /// <summary>Composes it, unless that was done; waits while another thread composes it.</summary>
    public void Compose() => _ = content.Value;

    private sealed class Content
    {
        public Content(byte[] bytes, IReadOnlyList<PersonalValue> personalValues)
        {
            (Bytes, PersonalValues) = (bytes, personalValues);
            LogChain.Leaf(bytes, Leaf);
        }

        public byte[] Bytes { get; }

        public IReadOnlyList<PersonalValue> PersonalValues { get; }

        public byte[] Leaf { get; } = new byte[LogChain.HashBytes];
    }
}
