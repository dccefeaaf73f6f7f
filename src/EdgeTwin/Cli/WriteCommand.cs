using System.CommandLine;
using System.Globalization;
using EdgeTwin.OpcUa.Client;
using EdgeTwin.OpcUa.Types;

namespace EdgeTwin.Cli;

/// <summary><c>edgetwin write</c>: one value to an OPC UA server, in the data type that is there.</summary>
internal static class WriteCommand
{
    public static Command Build()
    {
        var server = new OpcUaOptions();
        var node = new Argument<string>("node") { Description = "nsu=…;s=…, i=…, or browse:Plant/Pump/Setpoint." };
        var value = new Argument<string>("value") { Description = "The value: 12.5, true or a text." };
        var command = new Command(
            "write",
            """
            Write a value to an OPC UA server. It goes to the machine at once: nothing checks it but the server.

            Example:
              edgetwin write opc.tcp://192.0.2.10:4840 browse:Plant/Pump/Setpoint 12.5 --user jane --password-file pw
            """);
        server.AddTo(command);
        command.Arguments.Add(node);
        command.Arguments.Add(value);
        command.SetAction((parsed, cancellation) => server.Read(parsed).RunAsync(async client =>
        {
            var target = await OpcUaNode.FindAsync(client, parsed.GetValue(node)!, cancellation);
            var wanted = await ParseAsync(client, target, parsed.GetValue(value)!, cancellation);
            var status = await client.WriteAsync(target, wanted, cancellation);
            if (parsed.GetValue(CommandLine.Json))
                Output.Line(new { node = parsed.GetValue(node), status = status.ToString() });
            else Console.WriteLine(status.IsGood ? $"written: {OpcUaText.Of(wanted)}" : $"not written: {status}");
            return status.IsGood ? ExitCodes.Ok : ExitCodes.Wrong;
        }, cancellation));
        return command;
    }

    /// <summary>A text in the data type that the node has.</summary>
    private static async Task<Variant> ParseAsync(
        OpcUaClient client, NodeId node, string text, CancellationToken cancellation)
    {
        var present = await client.ReadAsync([node], cancellation);
        var type = present[0].Value.Type;
        if (type == BuiltInType.Null)
        {
            // No value yet: the data type says it, where it is a built-in one.
            var read = await client.ReadAsync(
                [OpcUaNode.Attribute(node, EdgeTwin.OpcUa.Schema.AttributeIds.DataType)], cancellation: cancellation);
            var dataType = read[0].Value.Get<NodeId>();
            type = dataType is { NamespaceIndex: 0, Number: <= 25 } ? (BuiltInType)dataType.Number : BuiltInType.Null;
        }

        if (type != BuiltInType.Null && !present[0].Value.IsNull && !present[0].Value.IsScalar)
            throw new CommandException(ExitCodes.Wrong,
                "the node holds an array; only single values can be written here");
        try
        {
            return Parse(text, type) ?? throw new CommandException(
                ExitCodes.Wrong,
                    $"the node is of type {type}; only numbers, Booleans, times and texts can be written here");
        }
        catch (Exception wrong) when (wrong is FormatException or OverflowException)
        {
            throw new CommandException(ExitCodes.Usage, $"'{text}' is no {type}: {wrong.Message}");
        }
    }

    private static Variant? Parse(string text, BuiltInType type)
    {
        var culture = CultureInfo.InvariantCulture;
        return type switch
        {
            BuiltInType.Boolean => bool.Parse(text),
            BuiltInType.SByte => sbyte.Parse(text, culture),
            BuiltInType.Byte => byte.Parse(text, culture),
            BuiltInType.Int16 => short.Parse(text, culture),
            BuiltInType.UInt16 => ushort.Parse(text, culture),
            BuiltInType.Int32 => int.Parse(text, culture),
            BuiltInType.UInt32 => uint.Parse(text, culture),
            BuiltInType.Int64 => long.Parse(text, culture),
            BuiltInType.UInt64 => ulong.Parse(text, culture),
            BuiltInType.Float => float.Parse(text, culture),
            BuiltInType.Double => double.Parse(text, culture),
            BuiltInType.String => text,
            BuiltInType.LocalizedText => new LocalizedText(null, text),
            BuiltInType.Guid => Guid.Parse(text),
            BuiltInType.DateTime => DateTime.Parse(
                text, culture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
            _ => null,
        };
    }
}
