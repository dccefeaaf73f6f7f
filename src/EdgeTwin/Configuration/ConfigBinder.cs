using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using EdgeTwin.Tags;

namespace EdgeTwin.Configuration;

/// <summary>
/// Binds the tree to records, strictly: every key is known, every value has its type, nothing required is missing. A
/// key that fails is reported and keeps its default, so that the rest can still be checked.
/// </summary>
/// <param name="errors">Receives what is wrong.</param>
/// <param name="drivers">For each abstract record: its concrete records by the value of <c>driver</c>.</param>
internal sealed class ConfigBinder(
    ConfigErrors errors, IReadOnlyDictionary<Type, IReadOnlyDictionary<string, Type>> drivers)
{
    private const string DriverKey = "driver";

    /// <summary>Binds a section to a record. <paramref name="what"/> names it in messages, such as <c>tag
    /// 'flow'</c>.</summary>
    public object? BindRecord(ConfigNode node, ConfigPosition position, Type type, string what)
    {
        if (node is not ConfigMap map)
        {
            if (node is ConfigScalar { IsAbsent: true } or ConfigScalar { IsNull: true })
                map = new ConfigMap(node.Position, []);
            else
            {
                Add(node.Position, what, $"must be a section of keys, not {node.Shown}");
                return null;
            }
        }

        if (type.IsAbstract && DriverType(map, position, type, what) is { } driverType)
            type = driverType;
        if (type.IsAbstract)
            return null;
        var shape = RecordShape.Of(type);
        var record = shape.Create();
        BindMembers(map, shape, record, what);
        foreach (var member in shape.Members)
        {
            if (member.IsRequired && map.Find(member.Key) is null)
                Add(position, what, $"required key '{member.Key}' is missing");
        }

        foreach (var (key, message) in shape.IsComplete(record) && record is IConfigCheck check ? check.Check() : [])
            Add(map.Find(key)?.Position ?? position, what, $"'{key}': {message}");
        return record;
    }

    /// <summary>Binds a section of named entries, in the order of the file.</summary>
    public IDictionary BindNamed(ConfigNode node, Type valueType, string section, string what)
    {
        var bound = (IDictionary)Activator.CreateInstance(
            typeof(OrderedDictionary<,>).MakeGenericType(typeof(string), valueType))!;
        if (node is ConfigScalar { IsAbsent: true } or ConfigScalar { IsNull: true })
            return bound;
        if (node is not ConfigMap map)
        {
            Add(node.Position, what, $"'{section}' must be a section with one name a line, not {node.Shown}");
            return bound;
        }

        var isRecord = RecordShape.IsRecord(valueType);
        var seen = new Dictionary<string, ConfigPosition>(StringComparer.Ordinal);
        foreach (var (key, value) in map.Entries)
        {
            var name = key.Value;
            var entry = isRecord ? $"{ConfigNames.Noun(section)} '{name}'" : what;
            if (!seen.TryAdd(name, key.Position))
            {
                Add(key.Position, "",
                    $"{(isRecord ? entry : $"'{name}'")} is defined twice; the first is at "
                    + $"{Where(seen[name], key.Position)}");
                continue;
            }

            if (isRecord && ConfigNames.ProblemWith(name) is { } problem)
                Add(key.Position, ConfigNames.Noun(section), problem);
            var item = isRecord
                ? BindRecord(value, key.Position, valueType, entry)
                : BindSingle(value, valueType, null, $"{section}.{name}", what);
            if (item is not null)
                bound.Add(name, item);
        }

        return bound;
    }

    private static string Where(ConfigPosition first, ConfigPosition second) =>
        first.File == second.File ? $"line {first.Line}" : first.ToString();

    private void BindMembers(ConfigMap map, RecordShape shape, object record, string what)
    {
        HashSet<string>? seen = null;
        foreach (var (key, value) in map.Entries)
        {
            if (shape.Find(key.Value) is not { } member)
            {
                var hint = NearestName.Hint(key.Value, shape.Keys, "known are");
                Add(key.Position, what, $"unknown key '{key.Value}'{hint}");
                continue;
            }

            seen ??= new HashSet<string>(StringComparer.Ordinal);
            if (!seen.Add(key.Value))
            {
                var first = map.FindEntry(key.Value)!.Value.Key.Position;
                Add(key.Position, what,
                    $"key '{key.Value}' is given twice; the first is at {Where(first, key.Position)}");
                continue;
            }

            if (BindMember(value, key.Position, member, what) is { } bound)
                member.Property.SetValue(record, bound);
        }
    }

    private object? BindMember(ConfigNode node, ConfigPosition keyPosition, RecordMember member, string what)
    {
        if (member.Type is { IsGenericType: true } generic)
        {
            var definition = generic.GetGenericTypeDefinition();
            if (definition == typeof(IReadOnlyDictionary<,>))
                return BindNamed(node, generic.GenericTypeArguments[1], member.Key, what);
            if (definition == typeof(IReadOnlyList<>))
                return BindList(node, generic.GenericTypeArguments[0], member, what);
        }

        if (RecordShape.IsRecord(member.Type) && member.Type != typeof(SecretReference))
            return BindRecord(node, keyPosition, member.Type, what.Length == 0 ? member.Key : $"{what}: {member.Key}");
        return BindSingle(node, member.Type, member, member.Key, what);
    }

    private Array? BindList(ConfigNode node, Type itemType, RecordMember member, string what)
    {
        if (!member.IsRequired && (node is ConfigScalar { IsAbsent: true } or ConfigScalar { IsNull: true }))
            return null;
        if (node is not ConfigList list)
        {
            Add(node.Position, what,
                $"'{member.Key}' must be a list such as [{node.Shown.Trim('\'')}], not {node.Shown}");
            return null;
        }

        var items = new List<object>(list.Items.Count);
        foreach (var item in list.Items)
        {
            if (BindSingle(item, itemType, member, member.Key, what) is { } bound)
                items.Add(bound);
        }

        if (list.Items.Count < member.FewestItems)
            Add(node.Position, what,
                $"'{member.Key}' has {list.Items.Count} entries; it needs at least {member.FewestItems}");
        var array = Array.CreateInstance(itemType, items.Count);
        for (var i = 0; i < items.Count; i++)
            array.SetValue(items[i], i);
        return array;
    }

    private object? BindSingle(ConfigNode node, Type type, RecordMember? member, string key, string what)
    {
        if (type == typeof(ValueRange))
            return BindRange(node, key, what);
        if (node is not ConfigScalar scalar)
        {
            // "topic: {tag}/x" without quotes begins a section for YAML.
            var hint = type == typeof(string) ? "; a text that begins with '{' or '[' needs quotes" : "";
            Add(node.Position, what, $"'{key}' must be {ConfigValueText.Kind(type)}, not {node.Shown}{hint}");
            return null;
        }

        if (scalar.IsNull && member is { MayBeNull: true })
            return null;
        if (scalar.IsAbsent || (scalar.IsNull && type != typeof(string))
            || (scalar.Value.Length == 0 && member is { IsRequired: true }))
        {
            var otherwise = member is { IsRequired: true } ? "" : " or remove the key";
            Add(node.Position, what, $"'{key}' has no value; write {ConfigValueText.Kind(type)}{otherwise}");
            return null;
        }

        var value = ConfigValueText.Parse(scalar.Value, type, out var problem);
        if (value is null)
            Add(node.Position, what, $"'{key}' {problem}");
        return value is not null && Allowed(value, scalar, member, key, what) ? value : null;
    }

    private ValueRange? BindRange(ConfigNode node, string key, string what)
    {
        if (node is ConfigList { Items: [ConfigScalar low, ConfigScalar high] })
        {
            var from = ConfigValueText.Parse(low.Value, typeof(double), out var lowProblem);
            var to = ConfigValueText.Parse(high.Value, typeof(double), out var highProblem);
            if (from is null)
                Add(low.Position, what, $"'{key}' {lowProblem}");
            if (to is null)
                Add(high.Position, what, $"'{key}' {highProblem}");
            if (from is not double lowest || to is not double highest)
                return null;
            if (lowest < highest)
                return new ValueRange(lowest, highest);
            Add(node.Position, what,
                $"'{key}' is [{low.Value}, {high.Value}]; the first number must be the smaller one");
            return null;
        }

        var found = node is ConfigList list ? $"a list of {list.Items.Count}" : node.Shown;
        Add(node.Position, what, $"'{key}' must be a range [low, high], not {found}");
        return null;
    }

    private bool Allowed(object value, ConfigScalar scalar, RecordMember? member, string key, string what)
    {
        if (member?.Range is { } range && OutOfRange(value, range) is { } limits)
        {
            Add(scalar.Position, what, $"'{key}' is {scalar.Value}; it must be {limits}");
            return false;
        }

        if (member?.Pattern is { } pattern && !pattern.IsMatch(scalar.Value))
        {
            Add(scalar.Position, what,
                $"'{key}' is {scalar.Shown}; it {member.PatternRule ?? $"must match {member.PatternText}"}");
            return false;
        }

        return true;
    }

    private static string? OutOfRange(object value, RangeAttribute range)
    {
        if (value is TimeSpan duration)
        {
            var (low, high) = DurationLimits(range);
            return duration >= low && duration <= high ? null
                : $"from {DurationText.Format(low)} to {DurationText.Format(high)}";
        }

        var number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        var minimum = Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture);
        var maximum = Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture);
        if (number >= minimum && number <= maximum)
            return null;
        return maximum >= double.MaxValue ? $"{minimum:R} or more" : $"from {minimum:R} to {maximum:R}";
    }

    /// <summary><c>[Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]</c> on a duration.</summary>
    internal static (TimeSpan Low, TimeSpan High) DurationLimits(RangeAttribute range) =>
        (ToDuration(range.Minimum), ToDuration(range.Maximum));

    private static TimeSpan ToDuration(object limit) =>
        limit is TimeSpan duration ? duration : TimeSpan.Parse((string)limit, CultureInfo.InvariantCulture);

    private Type? DriverType(ConfigMap map, ConfigPosition position, Type type, string what)
    {
        var known = drivers[type];
        if (map.Find(DriverKey) is not { } node)
        {
            var list = known.Count == 0 ? "" : $"; it is one of {string.Join(", ", known.Keys)}";
            Add(position, what, $"required key '{DriverKey}' is missing{list}");
            return null;
        }

        if (node is ConfigScalar { Value: var driver } && known.TryGetValue(driver, out var concrete))
            return concrete;
        var written = (node as ConfigScalar)?.Value ?? "";
        Add(node.Position, what,
            $"there is no driver {node.Shown}{NearestName.Hint(written, [.. known.Keys], "there are")}");
        return null;
    }

    private void Add(ConfigPosition position, string what, string message) =>
        errors.Add(position, what.Length == 0 ? message : $"{what}: {message}");
}
