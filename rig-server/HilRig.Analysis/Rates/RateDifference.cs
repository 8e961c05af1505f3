using HilRig.Analysis.Triggers;
using HilRig.Model.Flags;

namespace HilRig.Analysis.Rates;

/// <summary>How two rates differ: the second less the first.</summary>
/// <param name="Low">Of the difference, at about 95 %: the limits of the two rates put together by their squares (Newcombe 1998, method 10, here from exact limits).</param>
/// <param name="Bits">Evidence for two rates over one, in doublings of the odds; negative where one explains both better.</param>
/// <param name="P">Fisher's exact test, two-sided by doubling.</param>
public sealed record RateDifference(double Value, double Low, double High, double Bits, double P)
{
    public static RateDifference Of(Rate first, Rate second)
    {
        var value = second.Value - first.Value;
        var more = new FourfoldTable(second.Failures, second.Trials, first.Failures, first.Trials);
        var less = new FourfoldTable(first.Failures, first.Trials, second.Failures, second.Trials);
        return new RateDifference(
            value,
            value - Hypotenuse(second.Value - second.Low, first.High - first.Value),
            value + Hypotenuse(second.High - second.Value, first.Value - first.Low),
            more.Bits(),
            Math.Min(1, 2 * Math.Exp(Math.Min(more.LogFisherP(), less.LogFisherP()))));
    }

    private static double Hypotenuse(double a, double b) => Math.Sqrt(a * a + b * b);
}
