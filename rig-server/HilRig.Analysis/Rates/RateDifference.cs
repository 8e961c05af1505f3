using HilRig.Analysis.Triggers;
using HilRig.Model.Flags;

namespace HilRig.Analysis.Rates;

/// <summary>How two rates differ: the second less the first.</summary>
/// <param name="Low">Of the difference at 95 %, by Miettinen and Nurminen's (1985) score interval as wide as <see cref="Wilson"/>'s, right on average over rates from two expected failures on; −1 … 1 where one of them has no trials.</param>
/// <param name="Bits">Evidence for two rates over one, in doublings of the odds; negative where one explains both better.</param>
/// <param name="P">Fisher's exact test, two-sided by doubling.</param>
public sealed record RateDifference(double Value, double Low, double High, double Bits, double P)
{
    private const double Precision = 1e-9;

    public static RateDifference Of(Rate first, Rate second)
    {
        var more = new FourfoldTable(second.Failures, second.Trials, first.Failures, first.Trials);
        var less = new FourfoldTable(first.Failures, first.Trials, second.Failures, second.Trials);
        return new RateDifference(
            second.Value - first.Value,
            Limit(first, second, -1),
            Limit(first, second, 1),
            more.Bits(),
            Math.Min(1, 2 * Math.Exp(Math.Min(more.LogFisherP(), less.LogFisherP()))));
    }

    /// <summary>Bisects between the difference that was seen and the farthest one.</summary>
    /// <param name="side">−1 for the lower limit, 1 for the upper.</param>
    private static double Limit(Rate first, Rate second, int side)
    {
        if (first.Trials == 0 || second.Trials == 0)
            return side;
        var (holds, not) = (second.Value - first.Value, (double)side);
        while (Math.Abs(not - holds) > Precision)
        {
            var middle = (holds + not) / 2;
            if (Score(first, second, middle) <= Wilson.Width)
                holds = middle;
            else
                not = middle;
        }
        return holds;
    }

    /// <summary>How many standard errors the difference that was seen is away from this one, at the likeliest pair of rates that differ by it.</summary>
    private static double Score(Rate first, Rate second, double difference)
    {
        var low = LikeliestFirst(first, second, difference);
        var high = Math.Clamp(low + difference, 0, 1);
        double all = first.Trials + second.Trials;
        var variance = (low * (1 - low) / first.Trials + high * (1 - high) / second.Trials) * all / (all - 1);
        var away = Math.Abs(second.Value - first.Value - difference);
        return away == 0 ? 0 : away / Math.Sqrt(variance);
    }

    /// <summary>The root of the likelihood equation, a cubic, in closed form (Miettinen and Nurminen, appendix).</summary>
    private static double LikeliestFirst(Rate first, Rate second, double difference)
    {
        double all = first.Trials + second.Trials;
        double failures = first.Failures + second.Failures;
        var square = (second.Trials + 2.0 * first.Trials) * difference - all - failures;
        var linear = (first.Trials * difference - all - 2.0 * first.Failures) * difference + failures;
        var constant = first.Failures * difference * (1 - difference);
        var third = square / (3 * all);
        var q = third * third * third - square * linear / (6 * all * all) + constant / (2 * all);
        var p = Math.CopySign(Math.Sqrt(Math.Max(0, third * third - linear / (3 * all))), q);
        var angle = p == 0 ? 0 : (Math.PI + Math.Acos(Math.Clamp(q / (p * p * p), -1, 1))) / 3;
        return Math.Clamp(2 * p * Math.Cos(angle) - third, Math.Max(0, -difference), Math.Min(1, 1 - difference));
    }
}
