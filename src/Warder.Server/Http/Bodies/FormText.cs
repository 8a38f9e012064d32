using System.Globalization;
using System.Text.Unicode;
using Microsoft.AspNetCore.WebUtilities;
using Warder.Core.Faults;

namespace Warder.Server.Http.Bodies;

/// <summary>Parses a body of <c>application/x-www-form-urlencoded</c>.</summary>
internal static class FormText
{
    /// <summary>
    /// Parses a form. A body that is not UTF-8, contains a NUL, or names a parameter twice (RFC 6749, section 3.2) is unparsable: 400.
    /// </summary>
    public static Result<IReadOnlyDictionary<string, string>> Parse(byte[] body)
    {
        if (!Utf8.IsValid(body))
            return Unparsable("The body is not UTF-8.");
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        using var stream = new MemoryStream(body, writable: false);
        using var reader = new FormReader(stream)
        {
            ValueCountLimit = Limits.FormFields, KeyLengthLimit = Limits.FormNameCharacters, ValueLengthLimit = Limits.BodyBytes,
        };
        try
        {
            while (reader.ReadNextPair() is var (name, value) && name is not null)
            {
                if (name.Contains('\0', StringComparison.Ordinal) || value.Contains('\0', StringComparison.Ordinal))
                    return Unparsable("The body holds a NUL.");
                if (fields.Count == Limits.FormFields || !fields.TryAdd(name, value))
                    return Unparsable(fields.ContainsKey(name) ? "The body names a parameter twice." : TooMuch);
            }
        }
        catch (InvalidDataException)
        {
            return Unparsable(TooMuch);
        }

        return fields;
    }

    private static string TooMuch => string.Create(
        CultureInfo.InvariantCulture,
        $"The body has more than {Limits.FormFields} parameters, or a name of more than {Limits.FormNameCharacters} characters.");

    private static Fault Unparsable(string message) => new(FaultKind.Unparsable, "invalid_form", message);
}
