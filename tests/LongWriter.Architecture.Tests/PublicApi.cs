using System.Reflection;
using System.Runtime.CompilerServices;

namespace LongWriter.Architecture;

/// <summary>
/// Lists what a library promises: each public type and each public or protected member is a line, "full type name: declaration", in the words of C#.
/// Other types go by their short names. What the compiler adds to a record is left out: it follows from "record".
/// </summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>The lines, sorted.</summary>
    public static string[] Of(IEnumerable<Type> types) => [.. types.SelectMany(LinesOf).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Lines that are only in one of the lists: "- " of the first, "+ " of the second; empty when there are none.</summary>
    public static string Difference(IReadOnlyCollection<string> promised, IReadOnlyCollection<string> now) =>
        string.Join('\n', promised.Except(now).Select(l => (Line: l, Mark: "- ")).Concat(now.Except(promised).Select(l => (Line: l, Mark: "+ ")))
            .OrderBy(d => d.Line, StringComparer.Ordinal).Select(d => d.Mark + d.Line));

    private static IEnumerable<string> LinesOf(Type type)
    {
        string name = (type.Namespace is null ? "" : type.Namespace + ".") + ApiNames.Of(type);
        return MembersOf(type).Prepend(ApiMembers.TypeLine(type)).Select(line => $"{name}: {line}");
    }

    private static IEnumerable<string> MembersOf(Type type)
    {
        if (type.IsEnum)
        {
            return Enum.GetNames(type).Select(n => $"{n} = {Convert.ToInt64(Enum.Parse(type, n), System.Globalization.CultureInfo.InvariantCulture)}");
        }

        if (type.IsSubclassOf(typeof(MulticastDelegate)))
        {
            return [];
        }

        return type.GetMembers(Declared).Where(m => !IsOfTheCompiler(m)).Select(LineOf).OfType<string>();
    }

    private static string? LineOf(MemberInfo member) => member switch
    {
        FieldInfo field => ApiMembers.FieldLine(field),
        ConstructorInfo constructor => ApiMembers.ConstructorLine(constructor),
        PropertyInfo property => ApiMembers.PropertyLine(property),
        EventInfo happening => ApiMembers.EventLine(happening),
        MethodInfo method => ApiMembers.MethodLine(method),
        _ => null,
    };

    private static bool IsOfTheCompiler(MemberInfo member) =>
        member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        || member is MethodInfo { IsSpecialName: true } method && !method.Name.StartsWith("op_", StringComparison.Ordinal)
        || member is PropertyInfo { Name: "EqualityContract" };
}
