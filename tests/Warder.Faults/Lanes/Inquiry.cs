using System.Buffers.Binary;

namespace Warder.Faults.Lanes;

/// <summary>What an application is to validate, and how often: in its own process, so that many validations are one message.</summary>
/// <param name="Number">By what its reports name it.</param>
/// <param name="Rounds">How often each is validated.</param>
/// <param name="Until">
/// First it is done for as long as the epoch of the first one's subject has not come to this, but not for ever; null: no longer.
/// </param>
/// <param name="Items">What to present.</param>
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

/// <summary>A secret, perhaps with a permission; and where in <see cref="Epochs"/> its subject is.</summary>
internal readonly record struct Item(int Slot, string Value, string? Permission);

/// <summary>A message between this program and an application.</summary>
internal static class Frame
{
    /// <summary>Behind its length, as <see cref="Wire.ReceiveFrame"/> has it.</summary>
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
