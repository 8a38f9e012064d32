using System.Collections.Frozen;
using Warder.Cedar.Values;

namespace Warder.Cedar.Syntax;

/// <summary>
/// A function or method of an extension type, with its signature. Each function has one instance. (Cedar documentation: "Operators and
/// functions", Extensions.)
/// </summary>
public sealed class ExtensionFunction
{
    private static readonly FrozenDictionary<string, ExtensionFunction> Functions =
        Extensions.Functions.ToFrozenDictionary(function => function.Name);

    private const int CharactersShown = 100;

    // Takes arguments of the declared types; the second is `default` for a function with one parameter. Returns `default` when there is
    // no result.
    private readonly Func<Value, Value, Value> _apply;

    internal ExtensionFunction(string name, ValueKind result, Func<Value, Value, Value> apply, params ValueKind[] parameters)
        => (Name, Result, _apply, Parameters) = (name, result, apply, parameters);

    /// <summary>All functions and methods.</summary>
    public static IReadOnlyCollection<ExtensionFunction> All => Functions.Values;

    /// <summary>The name of the function.</summary>
    public string Name { get; }

    /// <summary>The type of the result.</summary>
    public ValueKind Result { get; }

    /// <summary>The types of the parameters. The first parameter of a method is its receiver, before the dot.</summary>
    public IReadOnlyList<ValueKind> Parameters { get; }

    /// <summary>Whether the function constructs a value of an extension type from a string. All other functions are methods.</summary>
    public bool IsConstructor => Parameters[0] == ValueKind.String;

    /// <summary>Finds a function by its name.</summary>
    /// <returns>The function; null when no function has this name.</returns>
    public static ExtensionFunction? Find(string name) => Functions.GetValueOrDefault(name);

    /// <summary>Calls the function. Returns <c>default</c> and the problem when the arguments have a wrong number, type or value.</summary>
    internal Value Call(ReadOnlySpan<Value> arguments, out string? problem)
    {
        problem = null;
        if (arguments.Length != Parameters.Count)
        {
            problem = $"`{Name}` takes {Parameters.Count} arguments, not {arguments.Length}";
            return default;
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i].Kind != Parameters[i])
            {
                problem = $"`{Name}` takes {Kinds.Name(Parameters[i])}, not {Kinds.Name(arguments[i].Kind)}";
                return default;
            }
        }

        var value = _apply(arguments[0], arguments.Length > 1 ? arguments[1] : default);
        if (value.IsNone)
            problem = IsConstructor ? $"{Shown(arguments[0])} is no {Name}" : $"the result of `{Name}` is beyond 64 bits";
        return value;
    }

    private static Value Shown(Value text)
        => text.TryGet(out string? all) && all.Length > CharactersShown ? $"{all.AsSpan(0, CharactersShown)}…" : text;

    /// <summary>Returns the name.</summary>
    public override string ToString() => Name;
}
