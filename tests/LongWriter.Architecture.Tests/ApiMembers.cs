using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace LongWriter.Architecture;

/// <summary>Declarations of types and members as C# writes them. Null for a member that nobody outside the library can reach.</summary>
internal static class ApiMembers
{
    private static readonly NullabilityInfoContext Nullability = new();

    public static string TypeLine(Type type)
    {
        if (type.IsSubclassOf(typeof(MulticastDelegate)))
        {
            MethodInfo invoke = type.GetMethod("Invoke")!;
            return $"public delegate {ReturnOf(invoke)} {ApiNames.Of(type)}({Parameters(invoke)}){Constraints(OwnParameters(type))}";
        }

        string kind = type.IsEnum ? "enum"
            : type.IsInterface ? "interface"
            : type.IsValueType ? $"{(type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "")}{(type.IsByRefLike ? "ref " : "")}{(IsRecord(type) ? "record " : "")}struct"
            : $"{(type.IsAbstract && type.IsSealed ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "")}{(IsRecord(type) ? "record" : "class")}";
        string bases = string.Join(", ", BasesOf(type).Select(b => ApiNames.Of(b)));
        return $"public {kind}{(bases.Length > 0 ? " : " + bases : "")}{Constraints(OwnParameters(type))}";
    }

    public static string? FieldLine(FieldInfo field)
    {
        if (!(field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly))
        {
            return null;
        }

        string access = field.IsPublic ? "public" : "protected";
        string type = ApiNames.Of(Nullability.Create(field), field.FieldType);
        return field.IsLiteral
            ? $"{access} const {type} {field.Name} = {Literal(field.GetRawConstantValue(), field.FieldType)}"
            : $"{access} {(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{type} {field.Name}";
    }

    public static string? ConstructorLine(ConstructorInfo constructor) =>
        Access(constructor) is { } access && !constructor.IsStatic
            ? $"{access} {constructor.DeclaringType!.Name.Split('`')[0]}({Parameters(constructor)})"
            : null;

    public static string? PropertyLine(PropertyInfo property)
    {
        MethodInfo? get = Access(property.GetMethod) is null ? null : property.GetMethod;
        MethodInfo? set = Access(property.SetMethod) is null ? null : property.SetMethod;
        if ((get ?? set) is not { } reached)
        {
            return null;
        }

        string access = Access(get) == "public" || Access(set) == "public" ? "public" : "protected";
        string required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        string type = ApiNames.Of(Nullability.Create(property), property.PropertyType);
        string name = property.GetIndexParameters() is { Length: > 0 } index ? $"this[{string.Join(", ", index.Select(Parameter))}]" : property.Name;
        bool isInit = set is not null && set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
        string accessors = Accessor(get, "get", access) + Accessor(set, isInit ? "init" : "set", access);
        return $"{access} {Modifiers(reached)}{required}{type} {name} {{ {accessors}}}";
    }

    public static string? EventLine(EventInfo happening) =>
        Access(happening.AddMethod) is { } access
            ? $"{access} {Modifiers(happening.AddMethod!)}event {ApiNames.Of(Nullability.Create(happening), happening.EventHandlerType!)} {happening.Name}"
            : null;

    public static string? MethodLine(MethodInfo method)
    {
        // An explicit implementation of an interface is private, and reached through the interface.
        if (Access(method) is not { } access)
        {
            return null;
        }

        string start = $"{access} {Modifiers(method)}";
        if (method.Name is "op_Implicit" or "op_Explicit")
        {
            return $"{start}{method.Name[3..].ToLowerInvariant()} operator {ReturnOf(method)}({Parameters(method)})";
        }

        Type[] generic = method.GetGenericArguments();
        string arguments = generic.Length > 0 ? $"<{string.Join(", ", generic.Select(g => g.Name))}>" : "";
        return $"{start}{ReturnOf(method)} {method.Name}{arguments}({Parameters(method)}){Constraints(generic)}";
    }

    private static string? Access(MethodBase? method) =>
        method is null ? null : method.IsPublic ? "public" : method.IsFamily || method.IsFamilyOrAssembly ? "protected" : null;

    private static string Accessor(MethodInfo? accessor, string word, string access) =>
        accessor is null ? "" : $"{(Access(accessor) == access ? "" : Access(accessor) + " ")}{word}; ";

    private static string Modifiers(MethodInfo method)
    {
        bool isOverride = method.GetBaseDefinition() != method;
        return method.IsStatic ? (method.IsAbstract ? "static abstract " : "static ")
            : method.DeclaringType!.IsInterface ? ""
            : isOverride ? (method.IsAbstract ? "abstract override " : method.IsFinal ? "sealed override " : "override ")
            : method.IsAbstract ? "abstract "
            : method.IsVirtual && !method.IsFinal ? "virtual "
            : "";
    }

    private static string ReturnOf(MethodInfo method) => ApiNames.Of(Nullability.Create(method.ReturnParameter), method.ReturnType);

    private static string Parameters(MethodBase method)
    {
        string parameters = string.Join(", ", method.GetParameters().Select(Parameter));
        return method.IsDefined(typeof(ExtensionAttribute), inherit: false) ? "this " + parameters : parameters;
    }

    private static string Parameter(ParameterInfo parameter)
    {
        bool isReference = parameter.ParameterType.IsByRef;
        string passing = parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) ? "params "
            : !isReference ? "" : parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ";
        string type = ApiNames.Of(Nullability.Create(parameter), parameter.ParameterType);
        string value = parameter.HasDefaultValue ? $" = {Literal(parameter.RawDefaultValue, parameter.ParameterType)}" : "";
        return $"{passing}{type} {parameter.Name}{value}";
    }

    private static string Literal(object? value, Type type)
    {
        Type bare = Nullable.GetUnderlyingType(type) ?? type;
        return value switch
        {
            null => type.IsValueType && bare == type ? "default" : "null",
            string text => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal)}\"",
            char character => $"'{character}'",
            bool truth => truth ? "true" : "false",
            _ when bare.IsEnum => $"{ApiNames.Of(bare)}.{Enum.ToObject(bare, value)}",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }

    /// <summary>The generic parameters that a type adds to those of the type around it.</summary>
    private static Type[] OwnParameters(Type type) => type.GetGenericArguments()[(type.DeclaringType?.GetGenericArguments().Length ?? 0)..];

    private static string Constraints(Type[] parameters) => string.Concat(parameters.Select(Constraint));

    private static string Constraint(Type parameter)
    {
        GenericParameterAttributes attributes = parameter.IsGenericParameter ? parameter.GenericParameterAttributes : default;
        bool isStruct = attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        List<string> parts = [];
        if (isStruct || attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
        {
            parts.Add(isStruct ? "struct" : "class");
        }

        parts.AddRange(parameter.IsGenericParameter ? parameter.GetGenericParameterConstraints().Where(c => c != typeof(ValueType)).Select(c => ApiNames.Of(c)) : []);
        if (!isStruct && attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint))
        {
            parts.Add("new()");
        }

        return parts.Count > 0 ? $" where {parameter.Name} : {string.Join(", ", parts)}" : "";
    }

    private static IEnumerable<Type> BasesOf(Type type)
    {
        if (type.IsEnum)
        {
            return type.GetEnumUnderlyingType() == typeof(int) ? [] : [type.GetEnumUnderlyingType()];
        }

        Type[] inherited = [.. type.GetInterfaces().SelectMany(i => i.GetInterfaces()), .. type.BaseType?.GetInterfaces() ?? []];
        IEnumerable<Type> interfaces = type.GetInterfaces().Except(inherited)
            .Where(i => i.IsVisible && !(IsRecord(type) && i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEquatable<>)))
            .OrderBy(i => ApiNames.Of(i), StringComparer.Ordinal);
        return type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) ? interfaces.Prepend(parent) : interfaces;
    }

    /// <summary>The compiler gives every record class a copy method and every record struct a printing method.</summary>
    private static bool IsRecord(Type type) =>
        type.GetMethod("<Clone>$") is not null
        || type.IsValueType && type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance)?.IsDefined(typeof(CompilerGeneratedAttribute)) == true;
}
