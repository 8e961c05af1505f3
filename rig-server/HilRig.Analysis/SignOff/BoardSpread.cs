using MathNet.Numerics;

namespace HilRig.Analysis.SignOff;

/// <summary>What board-to-board variation does to a claim made over few boards.</summary>
public static class BoardSpread
{
    /// <summary>Share of bad boards that is excluded when all of these were clean: 1 − (1 − C)^(1/B).</summary>
    public static double BadBoardsBelow(int boards, double confidence) => ZeroFailurePlan.Bound(boards, confidence);

    /// <summary>
    /// The confidence that clean cycles really give when boards differ: each board's failure probability is drawn from a
    /// Beta distribution with this mean and coefficient of variation.
    /// </summary>
    /// <param name="cyclesPerBoard">Clean cycles of each board.</param>
    /// <param name="limit">Mean failure probability to be excluded.</param>
    /// <param name="variation">Standard deviation over mean, for a limit far below 1; above 0.</param>
    public static double Confidence(int boards, double cyclesPerBoard, double limit, double variation)
    {
        var a = 1 / (variation * variation);
        var b = a / limit - a;
        var logClean = SpecialFunctions.GammaLn(b + cyclesPerBoard) + SpecialFunctions.GammaLn(a + b)
            - SpecialFunctions.GammaLn(b) - SpecialFunctions.GammaLn(a + b + cyclesPerBoard);
        return -SpecialFunctions.Expm1(boards * logClean);
    }

    /// <summary>By how much the zero-failure plan must grow to keep its confidence.</summary>
    public static double ExtraCycles(int boards, double limit, double variation, double confidence)
    {
        var plain = (double)ZeroFailurePlan.Cycles(limit, confidence) / boards;
        var (low, high) = (1.0, 2.0);
        while (Confidence(boards, high * plain, limit, variation) < confidence)
            (low, high) = (high, 2 * high);
        while (high - low > 1e-6 * high)
        {
            var middle = (low + high) / 2;
            if (Confidence(boards, middle * plain, limit, variation) < confidence)
                low = middle;
            else
                high = middle;
        }
        return high;
    }
}
