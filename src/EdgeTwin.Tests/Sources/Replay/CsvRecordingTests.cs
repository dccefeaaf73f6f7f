using EdgeTwin.Sources.Replay;
using EdgeTwin.Tests.Support;

namespace EdgeTwin.Tests.Sources.Replay;

public sealed class CsvRecordingTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("time,flow\n1,2\n", "time|flow;1|2")]
    [InlineData("time;flow\n1;2,5\n", "time|flow;1|2,5")]
    [InlineData("time\tflow\n1\t2", "time|flow;1|2")]
    [InlineData(" time , flow \r\n1,2\r\n\r\n3,4", "time|flow;1|2;3|4")]
    [InlineData("a,b\n\"x,1\",\"say \"\"hi\"\"\"\n\"two\nlines\",2", "a|b;x,1|say \"hi\";two\nlines|2")]
    [InlineData("a,b,c\n1\n1,,3,4", "a|b|c;1||;1||3")]
    [InlineData("\uFEFFa,b\n1,2", "a|b;1|2")]
    public async Task Rows_and_fields_are_read(string text, string expected) =>
        Assert.Equal(expected, await ReadAllAsync(text));

    [Fact]
    public async Task A_file_larger_than_the_buffer_is_read_whole_and_lines_are_counted()
    {
        var rows = Enumerable.Range(0, 20_000).Select(i => $"{i},{new string('x', i % 97)}").ToList();
        using var recording = await CsvRecording.OpenAsync(
            folder.Write("big.csv", "n,text\n" + string.Join('\n', rows)), CancellationToken.None);
        for (var i = 0; i < rows.Count; i++)
        {
            Assert.True(await recording.ReadAsync(CancellationToken.None));
            Assert.Equal(i + 2, recording.Line);
            Assert.Equal(rows[i], $"{recording.Field(0)},{recording.Field(1)}");
        }

        Assert.False(await recording.ReadAsync(CancellationToken.None));
        Assert.False(await recording.ReadAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Random_fields_survive_quoting()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var columns = 1 + random.Next(5);
            var rows = Enumerable.Range(0, 1 + random.Next(30))
                .Select(_ => Enumerable.Range(0, columns).Select(_ => RandomField(random)).ToArray()).ToList();
            var header = string.Join(',', Enumerable.Range(0, columns).Select(i => $"c{i}"));
            var text = header + "\n" + string.Join('\n', rows.Select(row => string.Join(',', row.Select(Quote))));
            var expected = string.Join(';', rows.Prepend(header.Split(',')).Select(row => string.Join('|', row)));
            Assert.True(expected == await ReadAllAsync(text), $"seed {seed}:\n{text}");
        }

        static string Quote(string field) => $"\"{field.Replace("\"", "\"\"")}\"";
        static string RandomField(Random random) =>
            new([.. Enumerable.Range(0, random.Next(8)).Select(_ => "ab,\n\" 1"[random.Next(7)])]);
    }

    [Fact]
    public async Task What_is_wrong_with_a_file_is_said_with_its_name_and_line()
    {
        var missing = await Assert.ThrowsAsync<FileNotFoundException>(
            () => CsvRecording.OpenAsync(Path.Combine(folder.Path, "none.csv"), CancellationToken.None).AsTask());
        Assert.Contains(Path.Combine(folder.Path, "none.csv"), missing.Message);
        var empty = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAllAsync(""));
        Assert.Contains("is empty", empty.Message);
        var open = await Assert.ThrowsAsync<InvalidDataException>(() => ReadAllAsync("a,b\n1,2\n3,\"4\n5,6\n"));
        Assert.Contains(":3: a quote is opened", open.Message);
        var endless =
            await Assert.ThrowsAsync<InvalidDataException>(() => ReadAllAsync("a,b\n" + new string('1', 3_000_000)));
        Assert.Contains(":2: a row of more than", endless.Message);
    }

    private async Task<string> ReadAllAsync(string text)
    {
        using var recording = await CsvRecording.OpenAsync(folder.Write("test.csv", text), CancellationToken.None);
        var rows = new List<string> { string.Join('|', recording.Columns) };
        while (await recording.ReadAsync(CancellationToken.None))
            rows.Add(string.Join('|',
                Enumerable.Range(0, recording.Columns.Count).Select(i => recording.Field(i).ToString())));
        return string.Join(';', rows);
    }
}
