using Warder.Cedar.Diagnostics;
using Warder.Cedar.Validation;
using Warder.Cedar.Values;

namespace Warder.Cedar.Fuzz.Checks;

/// <summary>
/// Checks the promise of a level, for which the official package has no function. A policy that is valid to a level decides the same when
/// it sees no entity further from the request. A policy that is valid to a level is valid to all higher ones, and without one.
/// </summary>
internal sealed class LevelCheck : Check
{
    private const int Highest = 4;

    public override void Enqueue(Case given, Questions questions)
    {
        if (Sets.Schema(given)?.Value is not { } schema
            || schema.ParseEntities(given.The(PartKind.Entities)!.Text).Value is not { } entities)
            return;
        var requests = given.All(PartKind.Request).Select(part => DecisionCheck.Request(part, schema).Request).OfType<Request>()
            .Where(request => Validator.Validate(request, schema).IsValid).ToList();
        foreach (var part in given.All(PartKind.Policy))
        {
            if (PolicySet.Parse(part.Text).Value is not { } policies)
                continue;
            var isValid = Validator.Validate(policies, schema).IsValid;
            var wasValid = false;
            for (var level = 0; level <= Highest; level++)
            {
                var result = Validator.Validate(policies, schema, level);
                if (result.IsValid ? !isValid : wasValid)
                    questions.Differ(
                        "levels", $"{part.Text}\n  valid: {isValid}; to the level before: {wasValid}; to {level}: {result.IsValid}");
                if (!result.IsValid && isValid && level == 1 && result.Errors.All(error => error.Code == ValidationCodes.LevelExceeded))
                    questions.Note("beyond level 1");
                wasValid = result.IsValid;
                if (result.IsValid)
                    Decide(part, policies, requests, entities, level, questions);
            }
        }
    }

    private static void Decide(Part part, PolicySet policies, List<Request> requests, Entities entities, int level, Questions questions)
    {
        questions.Note($"valid at level {level}");
        foreach (var request in requests)
        {
            var (all, near) = (
                Authorizer.Decide(policies, request, entities), Authorizer.Decide(policies, request, new Near(request, entities, level)));
            if (all.ToString() != near.ToString())
                questions.Differ(
                    "level's promise",
                    $"{part.Text}\n  with all entities {all}\n  to level {level}  {near}\n  {request.Principal} {request.Action}"
                        + $" {request.Resource} {request.Context}");
        }
    }

    /// <summary>
    /// Returns the entities within that many steps: the first step leads to the request's entities, each further one to the entities that
    /// those name.
    /// </summary>
    private sealed class Near : EntitySource
    {
        private readonly Dictionary<EntityUid, Entity> _entities = [];

        public Near(Request request, Entities entities, int level)
        {
            List<EntityUid> named = [request.Principal, request.Action, request.Resource, .. Named(request.Context)];
            for (; level > 0; level--)
            {
                var found = named.Where(uid => !_entities.ContainsKey(uid)).Distinct().Select(entities.Find).OfType<Entity>().ToList();
                foreach (var entity in found)
                    _entities.Add(entity.Uid, entity);
                named = [.. found.SelectMany(entity => Named(entity.Attributes).Concat(Named(entity.Tags)))];
            }
        }

        public override Entity? Find(EntityUid uid) => _entities.GetValueOrDefault(uid);

        private static IEnumerable<EntityUid> Named(Value value)
        {
            if (value.TryGet(out EntityUid? uid))
                return [uid];
            if (value.TryGet(out CedarSet? set))
                return set.SelectMany(Named);
            return value.TryGet(out CedarRecord? record) ? record.SelectMany(field => Named(field.Value)) : [];
        }
    }
}
