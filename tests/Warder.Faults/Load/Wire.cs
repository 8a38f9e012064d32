using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Warder.Faults.Load;

/// <summary>
/// Speaks HTTP/1.1, or frames, over one connection: requests go out as they are given, and answers come in order. Blocking, as each
/// connection has a dedicated thread; one thread at a time may send, and one may receive. The bytes of an answer stay valid until the next
/// receive.
/// </summary>
internal sealed class Wire : IDisposable
{
    private const int MaxAnswerBytes = 1 << 20;
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(2);

    private readonly Socket socket;
    private byte[] buffer = new byte[1 << 16];
    private int begin;
    private int end;

    private Wire(Socket socket) => this.socket = socket;

    /// <summary>Wraps an accepted connection.</summary>
    public static Wire Over(Socket accepted)
    {
        accepted.NoDelay = true;
        return new Wire(accepted);
    }

    /// <summary>Connects; throws a <see cref="SocketException"/> when no process listens.</summary>
    public static Wire Connect(IPEndPoint address, TimeSpan patience)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true, ReceiveTimeout = (int)patience.TotalMilliseconds, SendTimeout = (int)patience.TotalMilliseconds,
        };
        try
        {
            // A socket's timeout ends everything except a connect that waits for ever.
            var connecting = socket.BeginConnect(address, null, null);
            if (!connecting.AsyncWaitHandle.WaitOne(ConnectWithin))
                throw new SocketException((int)SocketError.TimedOut);
            socket.EndConnect(connecting);
            return new Wire(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Whether the other side has closed the connection, or has sent unrequested bytes.</summary>
    public bool IsStale => begin != end || socket.Poll(0, SelectMode.SelectRead);

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[socket.Send(bytes)..];
    }

    /// <summary>Receives the next whole answer: its status and its body, which is valid until the next receive.</summary>
    public (int Status, ReadOnlyMemory<byte> Body) Receive()
    {
        int head;
        while ((head = buffer.AsSpan(begin, end - begin).IndexOf("\r\n\r\n"u8)) < 0)
            Fill();
        var text = buffer.AsSpan(begin, head + 2);
        if (!text.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(text[9..], out int status, out _))
            throw new IOException($"No answer of HTTP/1.1: {Encoding.Latin1.GetString(text)}");
        begin += head + 4;
        if (status is 204 or 304)
            return (status, default);
        if (Header(text, "Content-Length: "u8) is { IsEmpty: false } digits && Utf8Parser.TryParse(digits, out int length, out _))
            return (status, Take(length));
        if (Header(text, "Transfer-Encoding: "u8).SequenceEqual("chunked"u8))
            return (status, Chunks());
        throw new IOException($"An answer of no known length: {Encoding.Latin1.GetString(text)}");
    }

    /// <summary>Receives the next frame: a length in four bytes, and that many bytes.</summary>
    public ReadOnlyMemory<byte> ReceiveFrame() => Take(BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)).Span));

    public void Dispose() => socket.Dispose();

    private static ReadOnlySpan<byte> Header(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        var at = head.IndexOf(name);
        if (at < 0)
            return default;
        var value = head[(at + name.Length)..];
        return value[..value.IndexOf((byte)'\r')];
    }

    private Memory<byte> Take(int length)
    {
        while (end - begin < length)
            Fill();
        begin += length;
        return buffer.AsMemory(begin - length, length);
    }

    private byte[] Chunks()
    {
        using var body = new MemoryStream();
        while (true)
        {
            int line;
            while ((line = buffer.AsSpan(begin, end - begin).IndexOf("\r\n"u8)) < 0)
                Fill();
            var size = Convert.ToInt32(Encoding.ASCII.GetString(buffer, begin, line), 16);
            begin += line + 2;
            body.Write(Take(size).Span);
            Take(2);
            if (size == 0)
                return body.ToArray();
        }
    }

    // Reads more bytes behind the buffered ones, which move to the front when no room is left.
    private void Fill()
    {
        if (begin > 0 && end == buffer.Length)
        {
            buffer.AsSpan(begin, end - begin).CopyTo(buffer);
            (begin, end) = (0, end - begin);
        }

        if (end == buffer.Length)
        {
            if (end >= MaxAnswerBytes)
                throw new IOException($"An answer of more than {MaxAnswerBytes} bytes.");
            Array.Resize(ref buffer, end * 2);
        }

        if (begin == end)
            begin = end = 0;
        var count = socket.Receive(buffer.AsSpan(end));
        if (count == 0)
            throw new IOException("The other side closed the connection.");
        end += count;
    }
}
