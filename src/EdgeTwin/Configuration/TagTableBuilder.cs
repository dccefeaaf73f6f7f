using EdgeTwin.Alarms;
using EdgeTwin.Prediction;
using EdgeTwin.Tags;
using EdgeTwin.Tags.Expressions;

namespace EdgeTwin.Configuration;

/// <summary>
/// Resolves everything that becomes a tag: first those that are read, then model outputs, alarm states, and derived
/// tags, each after those it uses. Units are resolved and expressions parsed on the way.
/// </summary>
internal sealed class TagTableBuilder(
    EdgeTwinConfig config, ConfigDocument document, ConfigErrors errors, string baseFolder, ModelPortsReader readModel)
{
    private readonly TagScope scope = new();
    private readonly Dictionary<string, EngineeringUnit> units = new(StringComparer.Ordinal);
    private readonly List<AlarmDefinition> alarms = [];
    private readonly List<(string Model, ModelConfig Config, ModelPorts Ports)> models = [];

    /// <summary>The tags; complete only when there was no error.</summary>
    public TagTable Table { get; } = new();

    public IReadOnlyList<AlarmDefinition> Alarms => alarms;

    public void Build()
    {
        foreach (var (name, tag) in config.Tags)
            AddSourceTag(name, tag);
        foreach (var (name, model) in config.Models)
            AddModel(name, model);
        foreach (var name in config.Alarms.Keys)
            Add(Define($"alarm.{name}", TagDataType.Int32, new TagOrigin.Alarm(name)) with
            {
                Class = TagClass.Alarm,
            }, "alarms", name);
        AddDerivedTags();
        foreach (var (name, model, ports) in models)
            CheckInputs(name, model, ports);
        ParseAlarms();
        ComponentChecks.Check(config, document, scope, errors);
        WarnOfNamesThatDifferInCase();
        if (errors.Count > 0)
            return;
        foreach (var definition in scope.All)
            Table.Add(_ => definition);
    }

    private TagDefinition Define(string name, TagDataType type, TagOrigin origin) =>
        new() { Id = new TagId(scope.Count), Name = name, Type = type, Origin = origin };

    private void Add(TagDefinition definition, string section, string name)
    {
        if (scope.TryAdd(definition))
            return;
        scope.TryFind(definition.Name, out var first);
        var taken = first!.Origin switch
        {
            TagOrigin.Source => "a tag",
            TagOrigin.Model model => $"an output of model '{model.Name}'",
            TagOrigin.Alarm => "the state of an alarm",
            _ => "a derived tag",
        };
        errors.Add(document.LocateKey(section, name),
            $"{ConfigNames.Noun(section)} '{name}': the name '{definition.Name}' is already that of {taken}; choose "
                + "another");
    }

    private void AddSourceTag(string name, TagConfig tag)
    {
        // Raw × scale + offset is a real number, whatever the device counts in.
        var scaled = tag.Scale is not null || tag.Offset is not null;
        Add(Define(name, scaled ? TagDataType.Float64
            : tag.Type, new TagOrigin.Source(tag.Source ?? "", tag.Address ?? "")) with
        {
            Unit = Unit(tag.Unit, "tags", name),
            Range = tag.Range,
            Deadband = tag.Deadband,
            Record = tag.Record,
            Heartbeat = tag.Heartbeat,
            Cadence = tag.Cadence,
            Component = tag.Component,
            Class = tag.Class,
            Description = tag.Description,
        }, "tags", name);
    }

    private EngineeringUnit? Unit(string? symbol, string section, string name)
    {
        if (symbol is null)
            return null;
        if (units.TryGetValue(symbol, out var unit))
            return unit;
        if (EngineeringUnits.TryParse(symbol, out unit))
        {
            units.Add(symbol, unit);
            return unit;
        }

        var hint = EngineeringUnits.Nearest(symbol) is { } near ? $"; did you mean '{near}'?"
            : "; write it as in L/min, m/s2, kWh or J/(kg·K)";
        errors.Add(document.Locate(section, name, "unit"),
            $"{ConfigNames.Noun(section)} '{name}': there is no unit '{symbol}'{hint}");
        return null;
    }

    private void AddModel(string name, ModelConfig model)
    {
        if (model.Package is null)
            return;
        var package = Path.GetFullPath(Path.Combine(baseFolder, model.Package));
        var position = document.Locate("models", name, "package");
        if (!File.Exists(package))
        {
            errors.Add(
                position,
                $"model '{name}': package '{model.Package}' is not there; paths start at the folder of the "
                + $"configuration file ({baseFolder})");
            return;
        }

        var ports = readModel(package);
        foreach (var problem in ports.Problems)
            errors.Add(position, $"model '{name}': package '{model.Package}': {problem}");
        if (ports.Problems.Count > 0)
            return;
        models.Add((name, model, ports));
        foreach (var output in ports.Outputs)
        {
            var tag = Define($"{name}.{output.Name}", output.Type, new TagOrigin.Model(name, output.Name));
            EngineeringUnit? unit = null;
            if (output.Unit is { } symbol && !EngineeringUnits.TryParse(symbol, out unit))
                errors.Add(
                    position,
                    $"model '{name}': package '{model.Package}': output '{output.Name}' has the unit '{symbol}', "
                    + "which does not exist");
            tag = tag with { Deadband = output.Deadband, Description = output.Description };
            Add(tag with { Unit = unit }, "models", name);
        }
    }

    private void CheckInputs(string name, ModelConfig model, ModelPorts ports)
    {
        foreach (var (input, tag) in model.Inputs)
        {
            if (ports.Inputs.All(port => port.Name != input))
            {
                var hint = NearestName.Hint(input, [.. ports.Inputs.Select(port => port.Name)], "it has");
                errors.Add(document.LocateKey("models", name, "inputs", input),
                    $"model '{name}': the package has no input '{input}'{hint}");
            }

            if (!scope.TryFind(tag, out _))
            {
                var hint = NearestName.Find(tag, scope.Names) is { } near ? $"; did you mean '{near}'?" : "";
                errors.Add(document.Locate("models", name, "inputs", input),
                    $"model '{name}': input '{input}': there is no tag '{tag}'{hint}");
            }
        }

        foreach (var input in ports.Inputs)
            CheckInput(name, model, input);
    }

    private void CheckInput(string name, ModelConfig model, ModelPort input)
    {
        var mapped = model.Inputs.TryGetValue(input.Name, out var tagName);
        if (!scope.TryFind(tagName ?? input.Name, out var tag))
        {
            if (!mapped)
            {
                errors.Add(document.Locate("models", name, "package"),
                    $"model '{name}': there is no tag for its input '{input.Name}'; add one, or name it with "
                        + $"inputs: {{ {input.Name}: <tag> }}");
            }

            return;
        }

        var position = mapped ? document.Locate("models", name, "inputs", input.Name)
            : document.Locate("models", name, "package");
        if (!TagChecks.IsNumber(tag.Type) && tag.Type != TagDataType.Bool)
            errors.Add(
                position, $"model '{name}': input '{input.Name}': tag '{tag.Name}' is a text; models take numbers");
        if (tag.Unit is { } unit && input.Unit is { } symbol && EngineeringUnits.TryParse(symbol, out var expected)
            && unit.Dimension != expected.Dimension)
            errors.Add(position,
                $"model '{name}': input '{input.Name}' is in {symbol}, but tag '{tag.Name}' is in {unit.Symbol}");
    }

    private void AddDerivedTags()
    {
        var uses = new OrderedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (name, derived) in config.Derived)
            uses.Add(name, [.. Expression.NamesIn(derived.Expression ?? "").Where(config.Derived.ContainsKey)]);
        var order = DerivedOrder.Sort(uses, cycle => errors.Add(
            document.Locate("derived", cycle[0], "expression"),
            cycle.Count == 2
                ? $"derived tag '{cycle[0]}' uses itself; a derived tag is computed from other tags"
                : $"derived tags use each other in a circle: {string.Join(" -> ", cycle)}; break it at one of them"));
        // All names exist before the first expression is parsed, so that an error in one does not make its users
        // unknown.
        foreach (var name in order)
            AddDerivedTag(name, config.Derived[name]);
        foreach (var name in order)
            ParseDerivedTag(name, config.Derived[name]);
    }

    private void AddDerivedTag(string name, DerivedTagConfig derived)
    {
        if (derived.Deadband != 0 && !TagChecks.IsNumber(derived.Type))
        {
            errors.Add(document.Locate("derived", name, "deadband"),
                $"derived tag '{name}': 'deadband' is for numbers, and the tag is a "
                    + $"{ConfigNames.EnumText(derived.Type.ToString())}; remove it");
        }

        Add(Define(name, derived.Type, new TagOrigin.Retired()) with
        {
            Unit = Unit(derived.Unit, "derived", name),
            Range = derived.Range,
            Deadband = derived.Deadband,
            Record = derived.Record,
            Heartbeat = derived.Heartbeat,
            Component = derived.Component,
            Class = derived.Class,
            Description = derived.Description,
        }, "derived", name);
    }

    private void ParseDerivedTag(string name, DerivedTagConfig derived)
    {
        if (Parse(derived.Expression, $"derived tag '{name}'", "derived", name, "expression") is not { } expression
            || !scope.TryFind(name, out var definition) || definition.Origin is not TagOrigin.Retired)
            return;
        var unitIsKnown = derived.Unit is null || definition.Unit is not null;
        if (unitIsKnown && expression.MismatchWith(definition.Type, definition.Unit) is { } mismatch)
            errors.Add(document.Locate("derived", name, "expression"), $"derived tag '{name}': {mismatch}");
        scope.Replace(definition with { Origin = new TagOrigin.Derived(expression) });
    }

    private void ParseAlarms()
    {
        foreach (var (name, alarm) in config.Alarms)
        {
            var hasTag = scope.TryFind($"alarm.{name}", out var tag);
            var definition = AlarmDefinition.TryCreate(name, alarm, tag?.Id ?? default, scope, out var problems);
            foreach (var (key, problem) in problems) Report([problem], $"alarm '{name}'", "alarms", name, key);
            if (hasTag && definition is not null) alarms.Add(definition);
        }
    }

    private Expression? Parse(string? text, string what, params ReadOnlySpan<string> path)
    {
        if (text is null)
            return null;
        if (Expression.TryParse(text, scope, out var expression, out var problems))
            return expression;
        Report(problems, what, path);
        return null;
    }

    private void Report(IReadOnlyList<ExpressionError> problems, string what, params ReadOnlySpan<string> path)
    {
        foreach (var problem in problems)
            errors.Add(document.LocateInside(problem.Offset, path), $"{what}: {problem.Message}");
    }

    private void WarnOfNamesThatDifferInCase()
    {
        var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in scope.Names)
        {
            if (!seen.TryAdd(name, name) && seen[name] != name)
            {
                var position = config.Tags.ContainsKey(name) ? document.LocateKey("tags", name)
                    : document.LocateKey("derived", name);
                errors.Warn(position, $"'{name}' and '{seen[name]}' differ only in case; people will mix them up");
            }
        }
    }
}
