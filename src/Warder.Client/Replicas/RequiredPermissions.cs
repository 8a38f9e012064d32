using System.Text;
using Warder.Core.Access;
using Warder.Core.Verification;

namespace Warder.Client.Replicas;

/// <summary>Permissions that a key must have, all of them. Create the set once and use it for each request.</summary>
public sealed class RequiredPermissions
{
    private readonly byte[] lines;

    private RequiredPermissions(byte[] lines) => this.lines = lines;

    /// <summary>The empty set.</summary>
    public static RequiredPermissions None { get; } = new([]);

    /// <summary>Creates a set of these slugs.</summary>
    /// <exception cref="ArgumentException">A slug is malformed, or there are more slugs than a key can have.</exception>
    public static RequiredPermissions Of(params IEnumerable<string> slugs)
    {
        var text = new StringBuilder();
        var count = 0;
        foreach (var slug in slugs)
        {
            if (slug.Length is 0 or > Permission.MaxSlugCharacters || slug.Any(static c => c is <= ' ' or > '~'))
                throw new ArgumentException($"A permission's slug must be 1 to {Permission.MaxSlugCharacters} visible ASCII characters.");
            if (++count > PermissionMask.Capacity)
                throw new ArgumentException($"A key has at most {PermissionMask.Capacity} permissions.");
            text.Append(slug).Append('\n');
        }

        return new RequiredPermissions(Encoding.ASCII.GetBytes(text.ToString()));
    }

    /// <summary>The slugs, each ended by a line feed.</summary>
    internal ReadOnlySpan<byte> Lines => lines;

    internal IReadOnlyList<string> Slugs() => Encoding.ASCII.GetString(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
