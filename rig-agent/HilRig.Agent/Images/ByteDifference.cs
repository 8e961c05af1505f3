namespace HilRig.Agent.Images;

/// <summary>How bytes that were read differ from those that should be there.</summary>
/// <param name="Offset">Of the first that differs.</param>
/// <param name="Actual">0 where fewer were read.</param>
/// <param name="Count">Bytes that differ; those that were not read count.</param>
public readonly record struct ByteDifference(int Offset, byte Expected, byte Actual, int Count)
{
    /// <summary>Null where they are the same.</summary>
    public static ByteDifference? Find(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        var first = expected.CommonPrefixLength(actual);
        if (first == expected.Length)
            return null;
        var count = 0;
        for (var index = first; index < expected.Length; index++)
            count += index >= actual.Length || expected[index] != actual[index] ? 1 : 0;
        return new ByteDifference(first, expected[first], first < actual.Length ? actual[first] : (byte)0, count);
    }
}
