using System.Text;
using Warder.Core.Verification;

namespace Warder.Engine.Verification;

/// <summary>Writes the permissions that a validation requests.</summary>
internal static class RequestedPermissions
{
    /// <summary>Joins slugs to the form of <see cref="ValidationRequest.Permissions"/>.</summary>
    public static byte[] Join(IReadOnlyList<string> slugs)
        => Encoding.UTF8.GetBytes(string.Concat(slugs.Select(slug => slug.Replace('\n', '?') + "\n")));
}
