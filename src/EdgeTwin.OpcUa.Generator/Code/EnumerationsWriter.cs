namespace EdgeTwin.OpcUa.Generator.Code;

/// <summary>Writes the enumerations and option sets.</summary>
internal static class EnumerationsWriter
{
    public static string Write(CoreNodeSet set, GeneratedTypes types)
    {
        var text = new CodeText();
        foreach (var enumeration in types.Enumerations)
        {
            text.Line();
            text.Summary($"{enumeration.Name}, {set.Clause(enumeration.Name)}.");
            if (enumeration.IsOptionSet) text.Line("[Flags]");
            text.Open($"public enum {enumeration.Name} : {enumeration.Underlying}");
            foreach (var (name, value) in enumeration.Values)
            {
                text.Summary($"{name}, {value}.");
                text.Line($"{name} = {value},");
            }

            text.Close();
        }

        return text.ToString();
    }
}
