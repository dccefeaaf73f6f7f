using EdgeTwin.Tags;

namespace EdgeTwin.Sources;

/// <summary>A tag as a driver sees it: what it is, and what the user wrote about how to read it.</summary>
internal sealed record SourceTag(TagDefinition Definition, TagConfig Config)
{
    /// <summary>Whether the value on the device is not yet in engineering units.</summary>
    public bool IsScaled => Config.Scale is not null || Config.Offset is not null;

    /// <summary>
    /// Takes a value as it is on the device to the tag's own type and engineering units. False, and no value, when it
    /// does not fit the type.
    /// </summary>
    public bool TryScale(ref TagValue value)
    {
        if (!IsScaled && value.Type == Definition.Type) return true;
        return TagValue.TryFromDouble(Definition.Type, ToEngineering(value.AsDouble()), out value);
    }

    /// <summary>Engineering value of a raw one.</summary>
    public double ToEngineering(double raw) => raw * (Config.Scale ?? 1) + (Config.Offset ?? 0);

    /// <summary>Raw value of an engineering one.</summary>
    public double ToRaw(double engineering) => (engineering - (Config.Offset ?? 0)) / (Config.Scale ?? 1);
}
