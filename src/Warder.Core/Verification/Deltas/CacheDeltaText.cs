using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Warder.Core.Verification.Deltas;

/// <summary>
/// The text of cache deltas beside each event: one line each, <c>CONCERN.KIND ID ARGUMENT</c>. The line states its concern. A version that
/// does not define the kind therefore clears only that part of its memory. Older events have <c>NUMBER ID ARGUMENT</c>, and are never
/// rewritten.
/// </summary>
public static class CacheDeltaText
{
    // By their numbers in the lines that were written before kinds had names.
    private static readonly (string Name, CacheConcern Concern, CacheDeltaKind Kind)[] NumberedKinds =
    [
        ("key", CacheConcern.Keys, CacheDeltaKind.Key),
        ("organization_ended", CacheConcern.Keys, CacheDeltaKind.OrganizationEnded),
        ("user_ended", CacheConcern.Keys, CacheDeltaKind.UserEnded),
        ("membership", CacheConcern.Keys, CacheDeltaKind.Membership),
        ("role", CacheConcern.Keys, CacheDeltaKind.Role),
        ("permission", CacheConcern.Keys, CacheDeltaKind.Permission),
        ("management_key", CacheConcern.Management, CacheDeltaKind.ManagementKey),
        ("environment", CacheConcern.Management, CacheDeltaKind.Environment),
        ("signing_key", CacheConcern.Management, CacheDeltaKind.SigningKey),
    ];

    // Kinds that no line has a number for.
    private static readonly (string Name, CacheConcern Concern, CacheDeltaKind Kind)[] NamedKinds =
        [.. NumberedKinds, ("required_level", CacheConcern.Keys, CacheDeltaKind.RequiredLevel)];

    private static readonly (string Name, CacheConcern Concern)[] Concerns =
        [
            ("keys", CacheConcern.Keys), ("management", CacheConcern.Management),
            ("models", CacheConcern.Models), ("none", CacheConcern.None),
        ];

    private static readonly FrozenDictionary<CacheDeltaKind, (string Label, CacheConcern Concern)> ByKind = NamedKinds.ToFrozenDictionary(
        static row => row.Kind,
        static row => ($"{Concerns.First(concern => concern.Concern == row.Concern).Name}.{row.Name}", row.Concern));

    /// <summary>Writes the text of some deltas; empty when there are none.</summary>
    public static string Write(IReadOnlyList<CacheDelta> deltas)
    {
        if (deltas.Count == 0)
            return "";
        var text = new StringBuilder();
        foreach (var delta in deltas)
            text.Append(delta.Line ?? $"{ByKind[delta.Kind].Label} {delta.Id} {delta.Argument}").Append('\n');
        return text.ToString();
    }

    /// <summary>Reads a text of either form.</summary>
    /// <exception cref="FormatException">A line has neither form.</exception>
    public static IReadOnlyList<CacheDelta> Read(string text)
    {
        var deltas = new List<CacheDelta>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ');
            if (parts[0].Length == 0)
                throw new FormatException("Not a line of cache deltas.");
            var (kind, concern) = char.IsAsciiDigit(parts[0][0]) ? ReadNumber(parts[0]) : ReadLabel(parts[0]);
            // After the label of an unknown kind, any text is valid.
            deltas.Add((kind, parts) switch
            {
                (CacheDeltaKind.Unknown, _) => new CacheDelta(kind, parts.ElementAtOrDefault(1) ?? "") { Concern = concern, Line = line },
                (_, [_, var id, var argument]) => new CacheDelta(kind, id, argument) { Concern = concern },
                _ => throw new FormatException("Not a line of cache deltas."),
            });
        }

        return deltas;
    }

    /// <summary>Digests the text of some deltas, which the event's own bytes commit to: SHA-256 in lower-case hex.</summary>
    /// <returns>Null: there are no deltas.</returns>
    public static string? DigestOf(IReadOnlyList<CacheDelta> deltas)
        => deltas.Count == 0 ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Write(deltas))));

    internal static CacheConcern ConcernOf(CacheDeltaKind kind) => kind switch
    {
        CacheDeltaKind.Unknown => CacheConcern.All,
        _ => ByKind[kind].Concern,
    };

    private static (CacheDeltaKind Kind, CacheConcern Concern) ReadNumber(string label)
    {
        if (!int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw new FormatException("Not a line of cache deltas.");
        return number < NumberedKinds.Length
            ? (NumberedKinds[number].Kind, NumberedKinds[number].Concern)
            : (CacheDeltaKind.Unknown, CacheConcern.All);
    }

    // The concern is read from the line, for known kinds too: a newer version may have widened it.
    private static (CacheDeltaKind Kind, CacheConcern Concern) ReadLabel(string label)
    {
        var dot = label.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
            return (CacheDeltaKind.Unknown, CacheConcern.All);
        var (concernName, name) = (label[..dot], label[(dot + 1)..]);
        var concern = Array.Find(Concerns, row => string.Equals(row.Name, concernName, StringComparison.Ordinal))
            is { Name: not null } known
            ? known.Concern
            : CacheConcern.All;
        var kind = Array.Find(NamedKinds, row => row.Concern == concern && string.Equals(row.Name, name, StringComparison.Ordinal))
            is { Name: not null } row
            ? row.Kind
            : CacheDeltaKind.Unknown;
        return (kind, concern);
    }
}
