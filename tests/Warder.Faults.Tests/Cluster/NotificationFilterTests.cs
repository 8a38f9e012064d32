using System.Buffers.Binary;
using Warder.Faults.Cluster;

namespace Warder.Faults.Tests.Cluster;

public sealed class NotificationFilterTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Notifications_are_lost_and_nothing_else_however_messages_are_cut(bool isDeaf)
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var messages = Enumerable.Range(0, random.Next(1, 12)).Select(_ => Message("ARZTDC"[random.Next(6)], random)).ToList();
            byte[] stream = [.. messages.SelectMany(message => message)];
            byte[] expected = [.. messages.Where(message => !isDeaf || message[0] != 'A').SelectMany(message => message)];
            var filter = new NotificationFilter();
            List<byte> passed = [];
            for (var at = 0; at < stream.Length;)
            {
                var count = Math.Min(random.Next(1, 30), stream.Length - at);
                passed.AddRange(filter.Pass(stream.AsSpan(at, count), isDeaf).Span);
                at += count;
            }

            Assert.True(expected.SequenceEqual(passed), $"Seed {seed}");
            Assert.Equal(isDeaf ? messages.Count(message => message[0] == 'A') : 0, filter.Dropped);
        }
    }

    private static byte[] Message(char type, Random random)
    {
        var message = new byte[5 + random.Next(3) * random.Next(20)];
        random.NextBytes(message);
        message[0] = (byte)type;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), message.Length - 1);
        return message;
    }
}
