using System.Buffers.Binary;
using Microsoft.AspNetCore.Http;
using Warder.Core.Ids;
using Warder.Core.Secrets;
using Warder.Core.Time;

namespace Warder.Server.Http;

/// <summary>The id of a request in its answer, in events and in the log.</summary>
internal static class RequestId
{
    private const string Header = "X-Request-ID";

    // The time, a random start for each process, and a count from there make an id unique. A call of the random generator for each request
    // would cost more than its validation. The ids can be guessed, which gives a client nothing.
    private static readonly long Start = BinaryPrimitives.ReadInt64LittleEndian(Entropy.System.Bytes(sizeof(long)));
    private static long count;

    /// <summary>Sets a request's id and its header.</summary>
    public static void Give(HttpContext http)
    {
        var id = Id.Format(IdKind.Request, Next((ulong)Clock.System.Now().UnixMilliseconds));
        http.TraceIdentifier = id;
        http.Response.Headers[Header] = id;
    }

    /// <summary>Returns the request's id.</summary>
    public static string Of(HttpContext http) => http.TraceIdentifier;

    // The layout of a UUIDv7, so that ids sort by time: 48 bits of time, the version, 12 bits, the variant, 62 bits.
    private static UInt128 Next(ulong milliseconds)
    {
        var number = (ulong)(Start + Interlocked.Increment(ref count));
        return new UInt128((milliseconds << 16) | 0x7000 | (number >> 52), (0b10UL << 62) | (number & (ulong.MaxValue >> 2)));
    }
}
