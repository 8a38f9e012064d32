using System.Buffers.Binary;

namespace Warder.Faults.Lanes;

/// <summary>Validations for an application to make in its own process, so that many validations take one message.</summary>
/// <param name="Number">The number that its reports name.</param>
/// <param name="Rounds">The number of validations of each item.</param>
/// <param name="Until">
/// The epoch of the first item's subject up to which the application first repeats all of this, for a limited time; null: no repetition.
/// </param>
/// <param name="Items">The items to present.</param>
internal sealed record Inquiry(int Number, int Rounds, int? Until, IReadOnlyList<Item> Items)
{
    public byte[] Write() => Frame.Of(to =>
    {
        to.Write(Number);
        to.Write(Rounds);
        to.Write(Until.HasValue);
        to.Write(Until ?? 0);
        to.Write(Items.Count);
        foreach (var item in Items)
        {
            to.Write(item.Slot);
            to.Write(item.Value);
            to.Write(item.Permission ?? "");
        }
    });

    public static Inquiry Read(ReadOnlyMemory<byte> frame)
    {
        using var from = Frame.Reader(frame);
        var (number, rounds, waits, epoch) = (from.ReadInt32(), from.ReadInt32(), from.ReadBoolean(), from.ReadInt32());
        var items = new Item[from.ReadInt32()];
        for (var i = 0; i < items.Length; i++)
            items[i] = new Item(from.ReadInt32(), from.ReadString(), from.ReadString() is { Length: > 0 } permission ? permission : null);
        return new Inquiry(number, rounds, waits ? epoch : null, items);
    }
}

/// <summary>A secret, an optional permission, and the slot of its subject in <see cref="Epochs"/>.</summary>
internal readonly record struct Item(int Slot, string Value, string? Permission);

/// <summary>A message between this program and an application.</summary>
internal static class Frame
{
    /// <summary>Encodes the message behind its length, as <see cref="Wire.ReceiveFrame"/> expects.</summary>
    public static byte[] Of(Action<BinaryWriter> write)
    {
        using var bytes = new MemoryStream();
        using var to = new BinaryWriter(bytes);
        to.Write(0);
        write(to);
        to.Flush();
        var frame = bytes.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(frame, frame.Length - sizeof(int));
        return frame;
    }

    public static BinaryReader Reader(ReadOnlyMemory<byte> frame) => new(new MemoryStream(frame.ToArray()));
}
