using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace EdgeTwin.Configuration;

/// <summary>The keys of a configuration record, found once per type: base record first, in order of
/// declaration.</summary>
internal sealed class RecordShape
{
    private static readonly ConcurrentDictionary<Type, RecordShape> Shapes = new();
    private readonly Type type;
    private readonly Dictionary<string, RecordMember> byKey;

    private RecordShape(Type type)
    {
        this.type = type;
        // An abstract base (of a source) has defaults only through a derived record; null stands for them.
        var defaults = type.IsAbstract ? null : Activator.CreateInstance(type, nonPublic: true);
        Members = Properties(type)
            .Select(property => new RecordMember(
                property, defaults is null ? null
                    : property.GetValue(defaults), property.IsDefined(typeof(RequiredMemberAttribute))))
            .ToList();
        byKey = Members.ToDictionary(member => member.Key);
        Keys = [.. byKey.Keys];
    }

    public IReadOnlyList<RecordMember> Members { get; }

    public IReadOnlyList<string> Keys { get; }

    public static RecordShape Of(Type type) => Shapes.GetOrAdd(type, static type => new RecordShape(type));

    /// <summary>Whether a type is a record of keys rather than a single value.</summary>
    public static bool IsRecord(Type type) =>
        type is { IsClass: true, Namespace: not null } && type != typeof(string)
            && type.GetMethod("<Clone>$") is not null
        && (type.IsAbstract || type.GetConstructor(
            BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, []) is not null);

    public object Create() => Activator.CreateInstance(type, nonPublic: true)!;

    public RecordMember? Find(string key) => byKey.GetValueOrDefault(key);

    /// <summary>Whether everything required is there; a record without it must not be shown to whoever relies on
    /// it.</summary>
    public bool IsComplete(object record) =>
        Members.All(member => !member.IsRequired || member.Property.GetValue(record) is not null);

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.SetMethod is not null)
            .OrderBy(property => Depth(property.DeclaringType!)).ThenBy(property => property.MetadataToken);

    private static int Depth(Type type)
    {
        var depth = 0;
        for (var at = type; at.BaseType is not null; at = at.BaseType) depth++;
        return depth;
    }
}
