using System.Text;
using EdgeTwin.Configuration;

namespace EdgeTwin.Tests.Configuration;

/// <summary>Whatever is done to a file: loading never throws, and says where and what when it does not load.</summary>
public class MutatedConfigTests
{
    private static readonly byte[] Good = Encoding.UTF8.GetBytes(ConfigLoaderTests.Good);

    [Fact]
    public void Every_truncation_loads_or_is_explained()
    {
        var explained = 0;
        for (var length = 0; length < Good.Length; length++)
            explained += Check(Good.AsSpan(0, length), $"truncated to {length} bytes");
        // Control: most truncations are broken, and the whole file is not.
        Assert.True(explained > Good.Length / 2);
        Assert.Equal(0, Check(Good, "whole"));
    }

    [Fact]
    public void Every_mutation_loads_or_is_explained()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var alphabet = Encoding.UTF8.GetBytes(" \t\n\r{}[]:,-'\"#&*!|>%@`?~0a.\0\u00e9\u2028\\<=");
        for (var round = 0; round < 4000; round++)
        {
            var mutated = Good.ToList();
            for (var edits = random.Next(1, 6); edits > 0; edits--)
            {
                var at = random.Next(mutated.Count);
                switch (random.Next(5))
                {
                    case 0: mutated[at] = (byte)random.Next(256); break;
                    case 1: mutated[at] = alphabet[random.Next(alphabet.Length)]; break;
                    case 2: mutated.Insert(at, alphabet[random.Next(alphabet.Length)]); break;
                    case 3: mutated.RemoveRange(at, Math.Min(random.Next(1, 40), mutated.Count - at)); break;
                    default:
                        mutated.InsertRange(
                        at, mutated.Skip(random.Next(mutated.Count)).Take(random.Next(60)).ToArray()); break;
                }
            }

            Check(mutated.ToArray(), $"seed {seed}, round {round}");
        }
    }

    private static int Check(ReadOnlySpan<byte> bytes, string what)
    {
        ConfigResult result;
        try
        {
            result = TestDriver.Loader.Parse("f.yaml", bytes, "/");
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"{what}:\n{Encoding.UTF8.GetString(bytes)}", failure);
        }

        Assert.True(result.Config is not null == (result.Errors.Count == 0), what);
        Assert.True(result.Tags is not null == (result.Errors.Count == 0), what);
        var lines = bytes.Count((byte)'\n') + 2;
        Assert.All(result.Errors, error => Assert.True(
            error.Position.File == "f.yaml" && error.Position.Line >= 1 && error.Position.Line <= lines
                && error.Position.Column >= 1
            && error.Message.Length > 0, $"{what}: {error}"));
        return result.Errors.Count > 0 ? 1 : 0;
    }
}
