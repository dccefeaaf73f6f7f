using System.CommandLine;

namespace EdgeTwin.Cli;

/// <summary><c>edgetwin read</c>: values of an OPC UA server now.</summary>
internal static class ReadCommand
{
    public static Command Build()
    {
        var server = new OpcUaOptions();
        var nodes = new Argument<string[]>("node")
        {
            Description = "nsu=…;s=…, i=2258, or browse:Plant/Pump/Flow.",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command(
            "read",
            """
            Read values of an OPC UA server. Exit code 1 when one of them is bad.

            Examples:
              edgetwin read opc.tcp://192.0.2.10:4840 i=2258
              edgetwin read opc.tcp://192.0.2.10:4840 "nsu=http://acme.example/plc;s=Pump.Flow" browse:Plant/Pump/Flow
            """);
        server.AddTo(command);
        command.Arguments.Add(nodes);
        command.SetAction((parsed, cancellation) => server.Read(parsed).RunAsync(async client =>
        {
            var written = parsed.GetValue(nodes)!;
            var found = new List<EdgeTwin.OpcUa.Types.NodeId>();
            foreach (var text in written) found.Add(await OpcUaNode.FindAsync(client, text, cancellation));
            var values = await client.ReadAsync(found, cancellation);
            for (var i = 0; i < values.Length; i++)
                OpcUaValueLine.Write(written[i], values[i], parsed.GetValue(CommandLine.Json));
            return Array.Exists(values, value => value.Status.IsBad) ? ExitCodes.Wrong : ExitCodes.Ok;
        }, cancellation));
        return command;
    }
}
