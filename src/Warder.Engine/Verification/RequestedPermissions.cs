using System.Text;
using Warder.Core.Verification;

namespace Warder.Engine.Verification;

/// <summary>Writes the permissions that a validation asks for.</summary>
internal static class RequestedPermissions
{
    /// <summary>The slugs as <see cref="ValidationRequest.Permissions"/> has them.</summary>
    public static byte[] Join(IReadOnlyList<string> slugs)
        => Encoding.UTF8.GetBytes(string.Concat(slugs.Select(slug => slug.Replace('\n', '?') + "\n")));
}
