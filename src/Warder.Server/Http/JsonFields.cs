using System.Globalization;
using System.Text.Json;
using Warder.Contracts.Json;
using Warder.Core.Events;
using Warder.Core.Faults;
using Warder.Core.Time;

namespace Warder.Server.Http;

/// <summary>
/// Reads the members of one JSON object by name and type, and collects the faults of each. An unread member is an error: a typo such as
/// <c>expire_at</c> must not make an immortal key.
/// </summary>
internal sealed class JsonFields
{
    private readonly JsonElement element;
    private readonly string path;
    private readonly List<FieldFault> faults;
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    /// <summary>Reads a body.</summary>
    public JsonFields(JsonElement root)
        : this(root, "", [])
    {
    }

    private JsonFields(JsonElement element, string path, List<FieldFault> faults)
    {
        this.element = element;
        this.path = path;
        this.faults = faults;
        if (element.ValueKind != JsonValueKind.Object)
            faults.Add(new FieldFault(path.Length == 0 ? "body" : path.TrimEnd('.'), "invalid_type", "Must be an object."));
    }

    /// <summary>Returns all faults, unknown members included. Called after every member was read.</summary>
    /// <returns>Null: there is no fault.</returns>
    public Fault? Fault()
    {
        Unknown();
        return faults.Count == 0 ? null : Core.Faults.Fault.Invalid(faults);
    }

    /// <summary>Determines whether the member exists, null or not.</summary>
    public bool Has(string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out _);

    /// <summary>Accepts members without reading them.</summary>
    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            known.Add(name);
    }

    /// <summary>Adds a fault that the caller has found in a member.</summary>
    public void Refuse(string name, string code, string message) => faults.Add(new FieldFault(path + name, code, message));

    /// <summary>Reads a required string.</summary>
    public string Text(string name, int maxCharacters, int minCharacters = 1)
    {
        if (Find(name) is { ValueKind: not JsonValueKind.Null } value)
            return Text(name, value, maxCharacters, minCharacters) ?? "";
        Refuse(name, "required", "Must be given.");
        return "";
    }

    /// <summary>Reads a string that may be missing or null.</summary>
    public string? OptionalText(string name, int maxCharacters, int minCharacters = 0)
        => Find(name) is { ValueKind: not JsonValueKind.Null } value ? Text(name, value, maxCharacters, minCharacters) : null;

    /// <summary>Reads a member of any kind, without a fault.</summary>
    /// <returns>Null: the member is not a string, not text, or too long.</returns>
    public string? AnyText(string name, int maxCharacters)
    {
        if (Find(name) is not { ValueKind: JsonValueKind.String } value)
            return null;
        try
        {
            return value.GetString() is { } text && text.Length <= maxCharacters ? text : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return null;
        }
    }

    /// <summary>Reads a boolean that may be missing or null.</summary>
    public bool? OptionalFlag(string name)
    {
        if (Find(name) is not { ValueKind: not JsonValueKind.Null } value)
            return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        Refuse(name, "invalid_type", "Must be true or false.");
        return null;
    }

    /// <summary>Reads a whole number that may be missing.</summary>
    public int? OptionalNumber(string name, int min, int max) => (int?)OptionalLong(name, min, max);

    /// <summary>Reads a 64-bit whole number that may be missing.</summary>
    public long? OptionalLong(string name, long min, long max)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Number)
            Refuse(name, "invalid_type", "Must be a number.");
        else if (!value.TryGetInt64(out var number) || number < min || number > max)
            Refuse(name, "out_of_range", string.Create(CultureInfo.InvariantCulture, $"Must be a whole number from {min} to {max}."));
        else
            return number;
        return null;
    }

    /// <summary>Reads a time that may be missing or null.</summary>
    public Instant? OptionalTime(string name)
    {
        if (OptionalText(name, 40) is not { } text)
            return null;
        if (Instant.TryParse(text, out var instant))
            return instant;
        if (!faults.Exists(fault => string.Equals(fault.Field, path + name, StringComparison.Ordinal)))
            Refuse(name, "invalid_format", "Must be a time such as 2026-01-15T12:00:00.000Z (RFC 3339, with its offset).");
        return null;
    }

    /// <summary>Reads a string of a merge patch.</summary>
    public Optional<string?> PatchText(string name, int maxCharacters, int minCharacters = 0)
        => new(Has(name), OptionalText(name, maxCharacters, minCharacters));

    /// <summary>Reads a time of a merge patch.</summary>
    public Optional<Instant?> PatchTime(string name) => new(Has(name), OptionalTime(name));

    /// <summary>Reads the metadata of a merge patch.</summary>
    public Optional<IReadOnlyDictionary<string, string?>?> PatchMetadata(string name) => new(Has(name), OptionalMetadata(name));

    /// <summary>Reads a list of strings of a merge patch; null clears the list.</summary>
    /// <returns>Null: the list is missing or refused.</returns>
    public IReadOnlyList<string>? PatchTexts(string name, int maxItems, int maxCharacters)
        => Find(name) is { ValueKind: JsonValueKind.Null } ? [] : OptionalTexts(name, maxItems, maxCharacters);

    /// <summary>Reads a list of strings that may be missing.</summary>
    /// <returns>Null: the list is missing or refused.</returns>
    public IReadOnlyList<string>? OptionalTexts(string name, int maxItems, int maxCharacters)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Array)
        {
            Refuse(name, "invalid_type", "Must be a list of strings.");
            return null;
        }

        if (!WithinLimit(name, value, maxItems))
            return null;
        var texts = new List<string>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
            texts.Add(Text($"{name}[{texts.Count.ToString(CultureInfo.InvariantCulture)}]", item, maxCharacters, 1) ?? "");
        return texts;
    }

    /// <summary>
    /// Reads an object from strings to strings that may be missing. A null value clears the metadata; a name with null loses its pair.
    /// </summary>
    public IReadOnlyDictionary<string, string?>? OptionalMetadata(string name)
    {
        if (Find(name) is not { ValueKind: not JsonValueKind.Null } value)
            return null;
        if (value.ValueKind != JsonValueKind.Object)
        {
            Refuse(name, "invalid_type", "Must be an object of strings.");
            return null;
        }

        var metadata = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            if (member.Name.Length is 0 or > Limits.MetadataNameCharacters)
                Refuse(
                    name, "invalid_format",
                    $"Names have 1 to {Limits.MetadataNameCharacters.ToString(CultureInfo.InvariantCulture)} characters.");
            else if (member.Name == PersonalValue.Member)
                Refuse(name, "invalid_value", $"'{PersonalValue.Member}' is reserved: in the log it marks a personal value.");
            else
                metadata[member.Name] = member.Value.ValueKind == JsonValueKind.Null
                    ? null
                    : Text($"{name}.{member.Name}", member.Value, Limits.MetadataValueCharacters, 0) ?? "";
        }

        // A change may remove all pairs and add as many; the pairs that remain are counted where the change is merged.
        if (metadata.Count > 2 * Limits.MetadataPairs)
            Refuse(name, "too_many", $"At most {Limits.MetadataPairs.ToString(CultureInfo.InvariantCulture)} pairs.");
        return metadata;
    }

    /// <summary>Reads a required object.</summary>
    public JsonFields Object(string name)
    {
        if (Find(name) is not { ValueKind: JsonValueKind.Object } value)
        {
            Refuse(name, Has(name) ? "invalid_type" : "required", "Must be an object.");
            return new JsonFields(EmptyObject, $"{path}{name}.", faults);
        }

        return new JsonFields(value, $"{path}{name}.", faults);
    }

    /// <summary>Reads a required list of objects, with at least one item.</summary>
    public IReadOnlyList<JsonFields> Objects(string name, int maxItems)
    {
        if (Find(name) is not { ValueKind: JsonValueKind.Array } value)
        {
            Refuse(name, Has(name) ? "invalid_type" : "required", "Must be a list of objects.");
            return [];
        }

        if (value.GetArrayLength() == 0)
            Refuse(name, "too_short", "Must have at least one item.");
        return Objects(name, value, maxItems);
    }

    /// <summary>Reads a list of objects that may be missing.</summary>
    /// <returns>Null: the list is missing or refused.</returns>
    public IReadOnlyList<JsonFields>? OptionalObjects(string name, int maxItems)
    {
        if (Find(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Array)
            return Objects(name, value, maxItems);
        Refuse(name, "invalid_type", "Must be a list of objects.");
        return null;
    }

    private List<JsonFields> Objects(string name, JsonElement value, int maxItems)
    {
        if (!WithinLimit(name, value, maxItems))
            return [];
        var objects = new List<JsonFields>(value.GetArrayLength());
        foreach (var item in value.EnumerateArray())
            objects.Add(new JsonFields(item, string.Create(CultureInfo.InvariantCulture, $"{path}{name}[{objects.Count}]."), faults));
        return objects;
    }

    /// <summary>Adds a fault for each unread member. <see cref="Fault"/> does so for the members of the body itself.</summary>
    public void Unknown()
    {
        if (element.ValueKind != JsonValueKind.Object)
            return;
        foreach (var member in element.EnumerateObject())
        {
            if (!known.Contains(member.Name))
                Refuse(Shorten(member.Name), "unknown_field", "There is no such field.");
        }
    }

    private static readonly JsonElement EmptyObject = JsonDocument.Parse("{}").RootElement;

    private static string Shorten(string name) => name.Length <= 64 ? name : name[..64] + "…";

    private bool WithinLimit(string name, JsonElement list, int maxItems)
    {
        if (list.GetArrayLength() <= maxItems)
            return true;
        Refuse(name, "too_many", string.Create(CultureInfo.InvariantCulture, $"At most {maxItems} items."));
        return false;
    }

    private JsonElement? Find(string name)
    {
        known.Add(name);
        return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;
    }

    private string? Text(string name, JsonElement value, int maxCharacters, int minCharacters)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            Refuse(name, "invalid_type", "Must be a string.");
            return null;
        }

        var text = value.GetString()!;
        if (text.Length > maxCharacters)
            Refuse(name, "too_long", string.Create(CultureInfo.InvariantCulture, $"At most {maxCharacters} characters."));
        else if (text.Length < minCharacters)
            Refuse(name, minCharacters == 1 ? "required" : "too_short", minCharacters == 1 ? "Must not be empty." : "Too short.");
        else
            return text;
        return null;
    }
}
