namespace EdgeTwin.Upstream.Mqtt;

/// <summary>What a message holds.</summary>
internal enum PayloadForm
{
    /// <summary>As the other keys say: <c>batch</c> where there is one, else <c>tag</c> where the topic has
    /// <c>{tag}</c>, else <c>scan</c>.</summary>
    Auto,

    /// <summary>One sample.</summary>
    Tag,

    /// <summary>The samples that were read together.</summary>
    Scan,

    /// <summary>The latest value of every tag, at each scan.</summary>
    Asset,

    /// <summary>Several scans.</summary>
    Batch,
}
