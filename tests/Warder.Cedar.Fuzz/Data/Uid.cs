namespace Warder.Cedar.Fuzz.Data;

/// <summary>An entity's name in the generator's form; its type need not exist.</summary>
internal readonly record struct Uid(string Type, string Id)
{
    public string Json(Chance chance)
        => chance.Of(0.9)
            ? $"{{\"type\":{Quoted.Json(chance, Type)},\"id\":{Quoted.Json(chance, Id)}}}"
            : $"{{\"id\":{Quoted.Json(chance, Id)},\"type\":{Quoted.Json(chance, Type)}}}";

    /// <summary>Writes it with the escape that marks an entity.</summary>
    public string Escaped(Chance chance) => $"{{\"__entity\":{Json(chance)}}}";

    public string Cedar(Chance chance) => $"{Type}::{Quoted.Cedar(chance, Id)}";
}
