using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Warder.Conventions.Tests.Api;

/// <summary>
/// Writes the public API of an assembly as text: the members that a user of the package may call, implement or deserialize. It is for
/// reading and comparing, close to C# and in one order; members that the compiler adds to records are left out.
/// </summary>
internal static class ApiText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly) => Of(assembly.GetExportedTypes());

    public static string Of(IEnumerable<Type> types)
    {
        var text = new StringBuilder();
        foreach (var type in types.OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            if (text.Length > 0)
                text.Append('\n');
            text.Append(Declaration(type)).Append('\n');
            foreach (var member in Members(type))
                text.Append("    ").Append(member).Append('\n');
        }

        return text.Length > 0 ? text.ToString() : "nothing is public\n";
    }

    private static string Declaration(Type type)
    {
        var name = $"{type.Namespace}.{ApiNames.Of(type)}";
        if (typeof(Delegate).IsAssignableFrom(type))
            return $"{Attributes(type)}public delegate {Signature(type.GetMethod("Invoke")!, name)}";
        var kind = type switch
        {
            { IsInterface: true } => "interface",
            { IsEnum: true } => "enum",
            { IsValueType: true } => $"{(IsReadOnly(type) ? "readonly " : "")}{(IsRecord(type) ? "record struct" : "struct")}",
            { IsAbstract: true, IsSealed: true } => "static class",
            _ => $"{(type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "")}{(IsRecord(type) ? "record" : "class")}",
        };
        var bases = Bases(type).ToList();
        return $"{Attributes(type)}{(type.IsNestedFamily ? "protected" : "public")} {kind} {name}"
            + (bases.Count > 0 ? " : " + string.Join(", ", bases) : "")
            + ApiNames.Constraints(type.GetGenericArguments());
    }

    private static IEnumerable<string> Bases(Type type)
    {
        if (type.IsEnum)
            return Enum.GetUnderlyingType(type) == typeof(int) ? [] : [ApiNames.Of(Enum.GetUnderlyingType(type))];
        var inherited = type.BaseType?.GetInterfaces() ?? [];
        var interfaces = type.GetInterfaces().Except(inherited).Where(face => face.IsVisible)
            .Select(face => ApiNames.Of(face)).Order(StringComparer.Ordinal);
        return type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType)
            ? interfaces.Prepend(ApiNames.Of(parent))
            : interfaces;
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
            return [];
        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(field => $"{field.Name} = {field.GetRawConstantValue()}");
        }

        // A generated context follows from the types that it serves.
        if (type.BaseType?.Name == "JsonSerializerContext")
            return [];
        return type.GetMembers(Declared).Select(Member).OfType<string>().Order(StringComparer.Ordinal);
    }

    private static string? Member(MemberInfo member)
    {
        var text = member switch
        {
            FieldInfo field when IsVisible(field.Attributes) => Field(field),
            ConstructorInfo constructor when IsVisible(constructor) && !IsSynthesized(constructor)
                => $"{Access(constructor)}{ApiNames.Plain(constructor.DeclaringType!)}({ApiNames.Parameters(constructor)})",
            MethodInfo method when IsVisible(method) && !IsSynthesized(method) && !IsAccessor(method)
                => $"{Access(method)}{Modifiers(method)}{Signature(method, method.Name)}",
            PropertyInfo property when property.Name != "EqualityContract" => Property(property),
            EventInfo @event when @event.AddMethod is { } add && IsVisible(add)
                => $"{Access(add)}{Modifiers(add)}event {ApiNames.Of(@event.EventHandlerType!)} {@event.Name}",
            _ => null,
        };
        return text is null ? null : Attributes(member) + text;
    }

    private static string Field(FieldInfo field)
    {
        var kind = field.IsLiteral ? "const " : $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}";
        var value = field.IsLiteral ? $" = {ApiNames.Literal(field.GetRawConstantValue())}" : "";
        return $"{(field.IsFamily || field.IsFamilyOrAssembly ? "protected " : "")}{kind}{ApiNames.Of(field)} {field.Name}{value}";
    }

    private static string? Property(PropertyInfo property)
    {
        var accessors = property.GetAccessors(nonPublic: true).Where(IsVisible).ToList();
        if (accessors.Count == 0)
            return null;
        var isInit = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        var setter = isInit ? "init; " : "set; ";
        var body = (accessors.Contains(property.GetMethod!) ? "get; " : "") + (accessors.Contains(property.SetMethod!) ? setter : "");
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        var index = property.GetIndexParameters().Length > 0 ? $"[{ApiNames.Parameters(property.GetIndexParameters())}]" : "";
        return $"{Access(accessors[0])}{Modifiers(accessors[0])}{required}{ApiNames.Of(property)} {property.Name}{index} {{ {body}}}";
    }

    private static string Signature(MethodInfo method, string name)
    {
        var generics = method.IsGenericMethod ? method.GetGenericArguments() : [];
        var names = generics.Length > 0 ? $"<{string.Join(", ", generics.Select(argument => argument.Name))}>" : "";
        return $"{ApiNames.Of(method.ReturnParameter)} {name}{names}({ApiNames.Parameters(method)}){ApiNames.Constraints(generics)}";
    }

    // Attributes that change the JSON, or warn callers, are part of the contract.
    private static string Attributes(MemberInfo member)
    {
        var shown = from attribute in member.GetCustomAttributesData()
                    let name = attribute.AttributeType.Name
                    where IsShown(name)
                    orderby name
                    let arguments = attribute.ConstructorArguments.Select(argument => argument.ToString())
                        .Concat(attribute.NamedArguments.Select(argument => argument.ToString()))
                    let list = string.Join(", ", arguments)
                    select $"[{name[..^"Attribute".Length]}{(list.Length > 0 ? $"({list})" : "")}] ";
        return string.Concat(shown);

        // On a constructor, "obsolete" is the compiler's own, for compilers that do not know required members.
        bool IsShown(string name) => name is "FlagsAttribute" || name.StartsWith("Json", StringComparison.Ordinal)
            || (name is "ObsoleteAttribute" && member is not ConstructorInfo);
    }

    private static string Access(MethodBase method) => method.IsFamily || method.IsFamilyOrAssembly ? "protected " : "";

    private static string Modifiers(MethodInfo method)
    {
        if (method.DeclaringType!.IsInterface)
            return method.IsStatic ? "static " : "";
        if (method.IsStatic)
            return "static ";
        if (method.IsVirtual && method.GetBaseDefinition() != method)
            return "override ";
        return method.IsAbstract ? "abstract " : method is { IsVirtual: true, IsFinal: false } ? "virtual " : "";
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsVisible(FieldAttributes attributes) => !attributes.HasFlag(FieldAttributes.SpecialName)
        && (attributes & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem;

    private static bool IsSynthesized(MethodBase method)
        => method.IsDefined(typeof(CompilerGeneratedAttribute)) || method.Name.Contains('<', StringComparison.Ordinal);

    private static bool IsAccessor(MethodInfo method)
        => method.IsSpecialName && method.Name.Split('_')[0] is "get" or "set" or "add" or "remove";

    private static bool IsReadOnly(Type type) => type.IsDefined(typeof(IsReadOnlyAttribute));

    private static bool IsRecord(Type type)
        => type.GetMethod("PrintMembers", Declared)?.IsDefined(typeof(CompilerGeneratedAttribute)) == true;
}
