using Warder.Contracts.Replicas;
using Warder.Core.Keys;

namespace Warder.Engine.Replicas;

/// <summary>What tokens look like, as a replica is told of it.</summary>
internal static class ReplicaForms
{
    public static ReplicaTokenFormats Of(AcceptedTokenFormats forms)
        => new(forms.Prefix, [.. forms.Schemes.Select(static scheme => new ReplicaScheme(scheme.Prefix, scheme.Length, (int)scheme.Alphabet))]);
}
