using System.Text;
using Warder.Cedar;
using Warder.Cedar.Values;

namespace Warder.Bench.Policies;

/// <summary>
/// Holds policies, entities, and requests as an application has them: ids from other components, and attributes of the context.
/// </summary>
/// <param name="name">The name in the table.</param>
/// <param name="text">The policies.</param>
/// <param name="entities">The entities.</param>
/// <param name="requests">The requests.</param>
internal sealed class Workload(string name, string text, IEnumerable<Entity> entities, IReadOnlyList<RequestParts> requests)
{
    private readonly Request[] reused = [.. requests.Select(Build)];

    public string Name => name;

    public string Text => text;

    public PolicySet Policies { get; } = PolicySet.Parse(text).ValueOrThrow().Prepare();

    public Entities Entities { get; } = Cedar.Entities.Create(entities).ValueOrThrow();

    public int Requests => requests.Count;

    /// <summary>Builds a request from its parts, and decides it.</summary>
    public Decision BuildAndDecide(int index) => Authorizer.Decide(Policies, Build(requests[index]), Entities);

    /// <summary>Decides an existing request.</summary>
    public Decision Decide(int index) => Authorizer.Decide(Policies, reused[index], Entities);

    /// <summary>The first requests in JSON, each with its reachable entities.</summary>
    public string ToJson(int count)
    {
        var json = new StringBuilder("{\"policies\":").Append(System.Text.Json.JsonSerializer.Serialize(text)).Append(",\"requests\":[");
        for (var i = 0; i < Math.Min(count, reused.Length); i++)
        {
            var request = reused[i];
            json.Append(i > 0 ? "," : "").Append("{\"principal\":").Append(Uid(request.Principal)).Append(",\"action\":")
                .Append(Uid(request.Action))
                .Append(",\"resource\":").Append(Uid(request.Resource)).Append(",\"context\":").Append(request.Context.ToJson())
                .Append(",\"entities\":").Append(Needed(request).ToJson()).Append('}');
        }

        return json.Append("]}").ToString();
    }

    private static Request Build(RequestParts it) => new(
        new EntityUid(it.PrincipalType, it.Principal), it.Action, new EntityUid(it.ResourceType, it.Resource),
        CedarRecord.Create(KeyValuePair.Create("mfa", (Value)it.Mfa), KeyValuePair.Create("hour", (Value)it.Hour)));

    private static string Uid(EntityUid uid) => System.Text.Json.JsonSerializer.Serialize(new { type = uid.Type.Text, id = uid.Id });

    // The parties, the entities that their attributes name, and all ancestors of these.
    private Entities Needed(Request request)
    {
        var needed = new Dictionary<EntityUid, Entity>();
        foreach (var party in new[] { request.Principal, request.Action, request.Resource })
        {
            Add(party);
            foreach (var named in Entities.Find(party)?.Attributes.Values.SelectMany(Named) ?? [])
                Add(named);
        }

        return Cedar.Entities.Create(needed.Values).ValueOrThrow();

        void Add(EntityUid uid)
        {
            if (Entities.Find(uid) is not { } entity || !needed.TryAdd(uid, entity))
                return;
            foreach (var parent in entity.Parents)
                Add(parent);
        }
    }

    private static IEnumerable<EntityUid> Named(Value value)
    {
        if (value.TryGet(out EntityUid? uid))
            return [uid];
        return value.TryGet(out CedarSet? set) ? set.SelectMany(Named) : [];
    }
}

/// <summary>The data that an application has at a request.</summary>
internal sealed record RequestParts(
    EntityTypeName PrincipalType, string Principal, EntityUid Action, EntityTypeName ResourceType, string Resource, bool Mfa, long Hour);
