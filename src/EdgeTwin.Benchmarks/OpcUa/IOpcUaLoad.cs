namespace EdgeTwin.Benchmarks.OpcUa;

/// <summary>A client that puts a load on a server and says what the server's process paid for it.</summary>
internal interface IOpcUaLoad
{
    /// <summary>Runs one load.</summary>
    /// <param name="endpoint"><c>opc.tcp://127.0.0.1:port</c>.</param>
    /// <param name="server">Process id of the server.</param>
    /// <param name="metric">A name that <see cref="LoadMetric"/> reads.</param>
    /// <param name="nodes">How many nodes <c>v0…</c> the server has.</param>
    Task<LoadFigure> MeasureAsync(string endpoint, int server, string metric, int nodes);
}
