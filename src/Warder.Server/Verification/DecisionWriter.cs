using System.Buffers;
using System.Text;
using System.Text.Json;
using Warder.Contracts;
using Warder.Core.Directory;
using Warder.Core.Ids;
using Warder.Core.Time;
using Warder.Core.Verification;

namespace Warder.Server.Verification;

/// <summary>
/// Writes the answer of a validation without a serializer, which would cost more than the decision. A test compares its output with the
/// serialized contracts.
/// </summary>
internal static class DecisionWriter
{
    private const int FixedBytes = 640;

    // \u0000 for one byte.
    private const int MaxEscapedBytes = 6;
    private static readonly SearchValues<byte> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(code => (byte)code), (byte)'"', (byte)'\\']);

    /// <summary>Writes <c>{"api_key":…,"decision":…}</c>.</summary>
    /// <returns>The number of bytes written.</returns>
    public static int Write(IBufferWriter<byte> output, in Decision decision)
    {
        var span = output.GetSpan(FixedBytes + Variable(decision));
        var at = 0;
        if (decision.Allow)
        {
            Put(span, ref at, "{\"api_key\":"u8);
            WriteKey(span, ref at, decision.Entry!, decision.Effective);
            Put(span, ref at, ",\"decision\":{\"allow\":true,\"code\":\"allowed\"}}"u8);
        }
        else
        {
            Put(span, ref at, "{\"api_key\":null,\"decision\":{\"allow\":false,\"code\":\""u8);
            at += Encoding.ASCII.GetBytes(Decision.NameOf(decision.Code), span[at..]);
            Put(span, ref at, "\""u8);
            if (decision.Entry is { } entry)
            {
                Put(span, ref at, ",\"api_key_id\":\""u8);
                at += Id.Format(IdKind.ApiKey, entry.Id, span[at..]);
                Put(span, ref at, "\""u8);
            }

            Put(span, ref at, "}}"u8);
        }

        output.Advance(at);
        return at;
    }

    private static void WriteKey(Span<byte> span, ref int at, KeyEntry entry, in PermissionMask effective)
    {
        Put(span, ref at, "{\"object\":\"api_key\",\"id\":\""u8);
        at += Id.Format(IdKind.ApiKey, entry.Id, span[at..]);
        WriteOwner(span, ref at, entry);
        Put(span, ref at, ",\"name\":\""u8);
        PutText(span, ref at, entry.Name);
        Put(span, ref at, "\",\"obfuscated_value\":\""u8);
        PutText(span, ref at, entry.ObfuscatedValue);
        Put(span, ref at, "\",\"last_used_at\":"u8);
        WriteTime(span, ref at, entry.LastUsedAtMilliseconds);
        Put(span, ref at, ",\"expires_at\":"u8);
        WriteTime(span, ref at, entry.ExpiresAtMilliseconds);
        Put(span, ref at, ",\"permissions\":["u8);
        WritePermissions(span, ref at, entry.Owned.Grant.Permissions, effective);
        Put(span, ref at, "],\"created_at\":"u8);
        WriteTime(span, ref at, entry.CreatedAtMilliseconds);
        Put(span, ref at, ",\"updated_at\":"u8);
        WriteTime(span, ref at, entry.UpdatedAtMilliseconds);
        Put(span, ref at, "}"u8);
    }

    private static void WriteOwner(Span<byte> span, ref int at, KeyEntry entry)
    {
        Put(span, ref at, "\",\"owner\":{\"type\":\""u8);
        at += entry.Owned.Owner.Match<OwnerFields, int>(new(span[at..]));
        Put(span, ref at, "\"}"u8);
    }

    // Writes the text between the name of an owner's type and the end of its last id. Returns the number of bytes.
    private readonly ref struct OwnerFields(Span<byte> span) : IOwnerCases<OrganizationState, MembershipState, int>
    {
        private readonly Span<byte> span = span;

        public int Organization(OrganizationState organization)
        {
            var at = 0;
            Put(span, ref at, "organization\",\"id\":\""u8);
            return at + Id.Format(IdKind.Organization, organization.Id, span[at..]);
        }

        public int Member(OrganizationState organization, MembershipState member)
        {
            var at = 0;
            Put(span, ref at, "user\",\"id\":\""u8);
            at += Id.Format(IdKind.User, member.User.Id, span[at..]);
            Put(span, ref at, "\",\"organization_id\":\""u8);
            return at + Id.Format(IdKind.Organization, organization.Id, span[at..]);
        }
    }

    private static void WritePermissions(
        Span<byte> span, ref int at, ReadOnlySpan<PermissionState> permissions, in PermissionMask effective)
    {
        var first = true;
        for (var i = 0; i < permissions.Length; i++)
        {
            if (!effective.Has(i))
                continue;
            Put(span, ref at, first ? "\""u8 : ",\""u8);
            Put(span, ref at, permissions[i].Slug);
            Put(span, ref at, "\""u8);
            first = false;
        }
    }

    private static void WriteTime(Span<byte> span, ref int at, long milliseconds)
    {
        if (milliseconds == KeyEntry.Never)
        {
            Put(span, ref at, "null"u8);
            return;
        }

        span[at++] = (byte)'"';
        new Instant(milliseconds).Format(span[at..]);
        at += Instant.FormattedLength;
        span[at++] = (byte)'"';
    }

    private static int Variable(in Decision decision)
    {
        if (!decision.Allow)
            return 0;
        var entry = decision.Entry!;
        var length = (entry.Name.Length + entry.ObfuscatedValue.Length) * MaxEscapedBytes;
        foreach (var permission in entry.Owned.Grant.Permissions)
            length += permission.Slug.Length + 3;
        return length;
    }

    // A name is free text. Most names need no escaping; the serializer's encoder escapes the rest.
    private static void PutText(Span<byte> span, ref int at, ReadOnlySpan<byte> text)
        => Put(
            span, ref at,
            text.ContainsAny(Escaped) ? JsonEncodedText.Encode(text, WarderJson.Wire.Options.Encoder).EncodedUtf8Bytes : text);

    private static void Put(Span<byte> span, ref int at, ReadOnlySpan<byte> piece)
    {
        piece.CopyTo(span[at..]);
        at += piece.Length;
    }
}
