using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Warder.Core.Events;
using Warder.Core.Time;
using Warder.Storage.Directory;

namespace Warder.Storage.Events;

/// <summary>
/// Compares the columns beside events with the events' bytes. Only the bytes are hashed. The columns serve searches, and the personal
/// values complete the events, so both must follow from the bytes.
/// </summary>
internal sealed class EventColumns(Session session)
{
    private readonly Dictionary<string, int> environments = EnvironmentTable.All(session).ToDictionary(
        environment => environment.Id, environment => environment.Number, StringComparer.Ordinal);

    private long missing;
    private long erased;
    private long kept;

    /// <summary>Finds the first problem of one event; null without one.</summary>
    public string? ProblemOf(EventRow row)
    {
        try
        {
            using var document = JsonDocument.Parse(row.Bytes);
            return ColumnProblem(row, document.RootElement) ?? PersonalProblem(row, document.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"The bytes of event {row.Sequence} are no event.";
        }
    }

    /// <summary>
    /// Finds a problem of the personal values as a whole; null without one. A missing value alone is no problem: an erasure leaves no
    /// record of it.
    /// </summary>
    public string? PersonalProblem()
    {
        if (session.Number("SELECT COUNT(*) FROM event_personal_values") != kept)
            return "There are personal values of events that there are not.";
        return missing == erased ? null : $"{missing} personal values are missing; {erased} were erased.";
    }

    private string? ColumnProblem(EventRow row, JsonElement root)
    {
        var effects = row.CacheDeltas.Length == 0
            ? null
            : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(row.CacheDeltas)));
        var same = Text(root, "id") == row.Id
            && Text(root, "event") == row.Type
            && Text(root, "organization_id") == row.OrganizationId
            && Text(root, "effects_sha256") == effects
            && Instant.TryParse(Text(root, "created_at"), out var at) && at.UnixMilliseconds == row.CreatedAtMilliseconds
            && environments.GetValueOrDefault(Text(root, "environment_id") ?? "") == row.Environment;
        if (row.Type == EventTypes.UserErased)
            erased += root.GetProperty("data").GetProperty("values_erased").GetInt64();
        return same ? null : $"What stands beside event {row.Sequence} is not what its bytes say.";
    }

    private string? PersonalProblem(EventRow row, JsonElement root)
    {
        var committed = new HashSet<string>(StringComparer.Ordinal);
        Collect(root, committed);
        var values = session.All(
            "SELECT digest, salt, value FROM event_personal_values WHERE seq = $1",
            static value => (Digest: value.GetString(0), Salt: value.GetValue(1) as byte[] ?? [], Value: value.GetString(2)), row.Sequence);
        foreach (var (digest, salt, value) in values)
        {
            if (!committed.Remove(digest) || PersonalValue.DigestOf(salt, value) != digest)
                return $"A personal value of event {row.Sequence} is not one that the event committed to.";
        }

        kept += values.Count;
        missing += committed.Count;
        return null;
    }

    private static void Collect(JsonElement element, HashSet<string> digests)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                Collect(item, digests);
        }

        if (element.ValueKind != JsonValueKind.Object)
            return;
        foreach (var member in element.EnumerateObject())
        {
            if (member.NameEquals(PersonalValue.Member) && member.Value.ValueKind == JsonValueKind.String)
                digests.Add(member.Value.GetString()!);
            else
                Collect(member.Value, digests);
        }
    }

    private static string? Text(JsonElement root, string name)
        => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
