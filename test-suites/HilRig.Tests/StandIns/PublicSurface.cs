using System.Reflection;
using System.Runtime.CompilerServices;

namespace HilRig.Tests.StandIns;

/// <summary>Public types and members as lines of text, in the form of the lists under <c>Fixtures</c>.</summary>
internal static class PublicSurface
{
    private const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static;

    /// <summary>Each type once, and what it declares itself.</summary>
    public static IEnumerable<string> Declared(Assembly assembly) =>
        assembly.GetExportedTypes().SelectMany(type => Members(type, Public | BindingFlags.DeclaredOnly).Prepend(TypeLine(type)));

    /// <summary>As <see cref="Declared"/>, and what a type inherits as well: a package may keep a member in a base class.</summary>
    public static IEnumerable<string> Reachable(Assembly assembly) =>
        assembly.GetExportedTypes().SelectMany(type => Members(type, Public | BindingFlags.FlattenHierarchy).Prepend(TypeLine(type)));

    private static string TypeLine(Type type)
    {
        var kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => "struct",
            { IsAbstract: true, IsSealed: true } => "static class",
            { IsAbstract: true } => "abstract class",
            _ => "class",
        };
        return $"{kind} {type.Namespace}.{Name(type)}";
    }

    private static IEnumerable<string> Members(Type type, BindingFlags which) => type.GetMembers(which)
        .Select(member => (member, line: Line(member)))
        .Where(pair => pair.line is not null)
        .Select(pair => $"{type.Namespace}.{Name(type)}: {pair.line}");

    private static string? Line(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $".ctor({Parameters(constructor)})",
        // Accessors are told by their property; what everything inherits from object is no claim.
        MethodInfo { IsSpecialName: true } method when !method.Name.StartsWith("op_", StringComparison.Ordinal) => null,
        MethodInfo method when method.GetBaseDefinition().DeclaringType == typeof(object) => null,
        MethodInfo method => $"{Static(method)}{Name(method.ReturnType)} {method.Name}({Parameters(method)})",
        PropertyInfo property => $"{Static(property.GetMethod!)}{Name(property.PropertyType)} {property.Name} {Accessors(property)}",
        FieldInfo { IsLiteral: true } field => $"const {field.Name} = {Convert.ToInt64(field.GetRawConstantValue())}",
        FieldInfo { IsSpecialName: true } => null,
        FieldInfo field => $"{Name(field.FieldType)} {field.Name}",
        EventInfo happening => $"event {Name(happening.EventHandlerType!)} {happening.Name}",
        _ => null,
    };

    private static string Static(MethodInfo method) => method.IsStatic ? "static " : "";

    private static string Accessors(PropertyInfo property) => property.SetMethod is { IsPublic: true } ? "{ get; set; }" : "{ get; }";

    private static string Parameters(MethodBase method)
    {
        var extension = method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "";
        return extension + string.Join(", ", method.GetParameters().Select(parameter =>
            (parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "") + Name(parameter.ParameterType) + (parameter.IsOptional ? " = default" : "")));
    }

    private static string Name(Type type)
    {
        if (type.IsArray)
            return Name(type.GetElementType()!) + "[]";
        if (!type.IsGenericType)
            return type.Name;
        return $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }
}
