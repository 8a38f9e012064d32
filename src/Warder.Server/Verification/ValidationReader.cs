using System.Text;
using System.Text.Json;
using Warder.Server.Http;

namespace Warder.Server.Verification;

/// <summary>
/// Reads one validation from a body without allocation when it is valid: the token and the permissions are copied into spans of the caller.
/// <see cref="Diagnose"/> finds the faults of an invalid one afterwards.
/// </summary>
internal ref struct ValidationReader(Span<byte> token, Span<byte> permissions)
{
    /// <summary>The most bytes of a value with the permitted number of characters.</summary>
    public const int TokenBytes = Limits.ValueCharacters * 3;

    /// <summary>The most bytes of the permitted number of slugs.</summary>
    public const int PermissionBytes = Limits.PermissionsPerValidation * (Limits.SlugCharacters + 1);

    private readonly Span<byte> tokenBuffer = token;
    private readonly Span<byte> permissionBuffer = permissions;
    private int tokenLength;
    private int permissionLength;
    private long atLeast;

    /// <summary>The presented value in UTF-8.</summary>
    public readonly ReadOnlySpan<byte> Token => tokenBuffer[..tokenLength];

    /// <summary>The requested slugs, each ended by a line feed.</summary>
    public readonly ReadOnlySpan<byte> Permissions => permissionBuffer[..permissionLength];

    /// <summary>The event that the answer's state must include; 0: none.</summary>
    public readonly long AtLeast => Math.Max(atLeast, 0);

    /// <summary>Reads a body with a single validation.</summary>
    public bool TryReadBody(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = Limits.JsonDepth });
        try
        {
            return reader.Read() && TryReadObject(ref reader) && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, or bytes that are no UTF-8.
            return false;
        }
    }

    /// <summary>Reads an object from the reader's position to the object's end.</summary>
    /// <returns>False: it is not a validation that can be decided.</returns>
    public bool TryReadObject(scoped ref Utf8JsonReader reader)
    {
        (tokenLength, permissionLength, atLeast) = (-1, 0, -1);
        var permissionsSeen = false;
        if (reader.TokenType != JsonTokenType.StartObject)
            return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("value"u8) && tokenLength < 0)
            {
                if (!reader.Read() || !TryReadValue(ref reader))
                    return false;
            }
            else if (reader.ValueTextEquals("permissions"u8) && !permissionsSeen)
            {
                permissionsSeen = true;
                if (!reader.Read() || !TryReadPermissions(ref reader))
                    return false;
            }
            else if (reader.ValueTextEquals("at_least"u8) && atLeast < 0)
            {
                if (!reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out atLeast) || atLeast < 0)
                    return false;
            }
            else
            {
                return false;
            }
        }

        return reader.TokenType == JsonTokenType.EndObject && tokenLength >= 0;
    }

    private bool TryReadValue(scoped ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > tokenBuffer.Length)
            return false;
        if (reader.ValueIsEscaped)
        {
            tokenLength = reader.CopyString(tokenBuffer);
        }
        else
        {
            reader.ValueSpan.CopyTo(tokenBuffer);
            tokenLength = reader.ValueSpan.Length;
        }

        // No valid value is empty, long or beyond ASCII. Other values take the slow path, which diagnoses them.
        return tokenLength <= Limits.ValueCharacters && Ascii.IsValid(Token) && !Token.Contains((byte)0);
    }

    private bool TryReadPermissions(scoped ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            return false;
        var count = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            var slug = reader.ValueSpan;
            if (++count > Limits.PermissionsPerValidation || slug.Length is 0 or > Limits.SlugCharacters || reader.ValueIsEscaped
                || !Ascii.IsValid(slug))
                return false;
            slug.CopyTo(permissionBuffer[permissionLength..]);
            permissionBuffer[permissionLength + slug.Length] = (byte)'\n';
            permissionLength += slug.Length + 1;
        }

        return reader.TokenType == JsonTokenType.EndArray;
    }

    /// <summary>
    /// Reads the members of one validation of a batch. A value that no token can have (missing, not a string, too long, or not text) is
    /// read as the empty value, which is decided as malformed: one bad token must not refuse the whole batch.
    /// </summary>
    public static (string Value, IReadOnlyList<string> Permissions, long AtLeast) DiagnoseItem(JsonFields fields)
        => (fields.AnyText("value", Limits.ValueCharacters) ?? "",
            fields.OptionalTexts("permissions", Limits.PermissionsPerValidation, Limits.SlugCharacters) ?? [],
            fields.OptionalLong("at_least", 0, long.MaxValue) ?? 0);

    /// <summary>
    /// Reads the members of a validation, and collects faults with their messages. A validation without a fault can be decided.
    /// </summary>
    public static (string Value, IReadOnlyList<string> Permissions, long AtLeast) Diagnose(JsonFields fields)
        => (fields.Text("value", Limits.ValueCharacters, minCharacters: 0),
            fields.OptionalTexts("permissions", Limits.PermissionsPerValidation, Limits.SlugCharacters) ?? [],
            fields.OptionalLong("at_least", 0, long.MaxValue) ?? 0);
}
