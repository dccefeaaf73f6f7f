namespace EdgeTwin.Journal.Codec;

/// <summary>
/// Codes a list of 64-bit numbers by whichever method makes it smallest. Layout: method, length of the body in bytes,
/// body. With <see cref="Effort.Fast"/> only the cheap methods are tried.
/// </summary>
internal static class SeriesCodec
{
    public static void Write(ByteWriter writer, ReadOnlySpan<long> series, Numbers numbers, Effort effort)
    {
        var best = new ByteWriter(64 + series.Length);
        Runs.Write(best, series);
        var method = SeriesMethod.Runs;
        var trial = new ByteWriter(64 + (series.Length * 2));
        // A few bytes for many numbers: nothing can do better by much.
        if (best.Length > 8 + (series.Length / 64))
        {
            foreach (var candidate in Candidates(numbers, effort))
            {
                trial.Clear();
                if (!TryWrite(trial, series, numbers, candidate, best.Length) || trial.Length >= best.Length) continue;
                (best, trial, method) = (trial, best, candidate);
            }
        }

        writer.Byte((byte)method);
        writer.Varint((ulong)best.Length);
        writer.Bytes(best.Written);
    }

    public static void Read(ref ByteReader reader, Span<long> series, Numbers numbers)
    {
        var method = (SeriesMethod)reader.Byte();
        var body = new ByteReader(reader.Bytes(reader.Count(reader.Remaining)));
        switch (method)
        {
            case SeriesMethod.Runs:
                Runs.Read(ref body, series);
                break;
            case SeriesMethod.PackedDeltas:
                PackedDeltas.Read(ref body, series);
                break;
            case SeriesMethod.Xor:
                XorSeries.Read(ref body, series);
                break;
            case SeriesMethod.Predicted or SeriesMethod.PredictedDigits:
                PredictedSeries.Read(ref body, series, numbers, method == SeriesMethod.PredictedDigits);
                break;
            case SeriesMethod.Dictionary:
                DictionarySeries.Read(ref body, series);
                break;
            default:
                throw new DamagedDataException($"method {(int)method} does not exist");
        }
    }

    private static ReadOnlySpan<SeriesMethod> Candidates(Numbers numbers, Effort effort)
    {
        if (effort == Effort.Fast)
            return numbers.Kind is NumberKind.Ordered64 or NumberKind.Ordered32
                ? [SeriesMethod.PackedDeltas, SeriesMethod.Xor] : [SeriesMethod.PackedDeltas];
        return numbers.Kind switch
        {
            NumberKind.Integer => [SeriesMethod.PackedDeltas, SeriesMethod.Dictionary, SeriesMethod.Predicted],
            NumberKind.Decimal => [SeriesMethod.Dictionary, SeriesMethod.Predicted, SeriesMethod.PredictedDigits],
            _ => [SeriesMethod.Xor, SeriesMethod.Dictionary, SeriesMethod.Predicted],
        };
    }

    private static bool TryWrite(ByteWriter writer, ReadOnlySpan<long> series, Numbers numbers, SeriesMethod method,
        int bestSoFar)
    {
        switch (method)
        {
            case SeriesMethod.PackedDeltas:
                PackedDeltas.Write(writer, series);
                return true;
            case SeriesMethod.Xor:
                XorSeries.Write(writer, series);
                return true;
            case SeriesMethod.Dictionary:
                return DictionarySeries.TryWrite(writer, series, bestSoFar);
            default:
                PredictedSeries.Write(writer, series, numbers, method == SeriesMethod.PredictedDigits);
                return true;
        }
    }
}
