using Warder.Cedar.Schemas;

namespace Warder.Cedar.Validation;

/// <summary>One kind of request that a schema allows: for each of them, a policy is checked.</summary>
internal sealed record RequestShape(SchemaAction Action, EntityTypeName Principal, EntityTypeName Resource)
{
    /// <summary>All that there are.</summary>
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
