namespace HilRig.Analysis.SignOff;

/// <summary>The search for the length of a campaign.</summary>
internal static class FewestCycles
{
    /// <param name="failures">Failures among them.</param>
    /// <param name="isEnough">False up to some number of cycles, true from there on.</param>
    public static long Find(long failures, Func<long, bool> isEnough)
    {
        var (low, high) = (failures, Math.Max(16, 2 * failures));
        while (!isEnough(high))
            (low, high) = (high, 2 * high);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = isEnough(middle) ? (low, middle) : (middle, high);
        }
        return high;
    }
}
