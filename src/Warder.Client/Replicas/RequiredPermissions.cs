using System.Text;

namespace Warder.Client.Replicas;

/// <summary>Permissions that a key must have, all of them: made once, used for each request.</summary>
public sealed class RequiredPermissions
{
    private readonly byte[] lines;

    private RequiredPermissions(byte[] lines) => this.lines = lines;

    /// <summary>None.</summary>
    public static RequiredPermissions None { get; } = new([]);

    /// <summary>These slugs.</summary>
    /// <exception cref="ArgumentException">One cannot be a slug.</exception>
    public static RequiredPermissions Of(params IEnumerable<string> slugs)
    {
        var text = new StringBuilder();
        foreach (var slug in slugs)
        {
            if (slug.Length == 0 || slug.Any(static c => c is <= ' ' or > '~'))
                throw new ArgumentException("A permission's slug must be visible ASCII characters.");
            text.Append(slug).Append('\n');
        }

        return new RequiredPermissions(Encoding.ASCII.GetBytes(text.ToString()));
    }

    /// <summary>The slugs, each ended by a line feed.</summary>
    internal ReadOnlySpan<byte> Lines => lines;

    internal IReadOnlyList<string> Slugs() => Encoding.ASCII.GetString(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
