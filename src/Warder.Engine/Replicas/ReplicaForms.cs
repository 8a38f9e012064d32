using Warder.Core.Keys;
using Warder.Protocol;

namespace Warder.Engine.Replicas;

/// <summary>Converts the accepted token formats to the form that replicas receive.</summary>
internal static class ReplicaForms
{
    public static ReplicaTokenFormats Of(AcceptedTokenFormats forms)
        => new(
            forms.Prefix,
            [.. forms.Schemes.Select(static scheme => new ReplicaScheme(scheme.Prefix, scheme.Length, (int)scheme.Alphabet))]);
}
