using Warder.Cedar.Schemas;

namespace Warder.Cedar.Validation;

/// <summary>A kind of request that a schema permits. Each policy is checked for each kind.</summary>
internal sealed record RequestShape(SchemaAction Action, EntityTypeName Principal, EntityTypeName Resource)
{
    /// <summary>Enumerates all kinds of requests.</summary>
    public static IEnumerable<RequestShape> AllOf(Schema schema)
    {
        foreach (var action in schema.Actions.Values)
        {
            foreach (var principal in action.Principals)
            {
                foreach (var resource in action.Resources)
                    yield return new RequestShape(action, principal, resource);
            }
        }
    }
}
