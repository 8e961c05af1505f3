using MathNet.Numerics;

namespace HilRig.Analysis.Drift;

/// <summary>The alarm in the night: a Bernoulli CUSUM of a cell with a known background rate.</summary>
/// <param name="background">Failure probability of a trial as known from earlier nights, upper 80 % bound.</param>
/// <param name="raised">The probability that it shall notice soonest, above the background.</param>
/// <param name="limit">Where the alarm goes off: 9.8 at 1e-4 → 2e-3 and 8.9 at 5e-4 → 2e-3 give one false alarm in 1,000 nights of 30,000 trials.</param>
public sealed class Cusum(double background, double raised, double limit)
{
    private readonly double failure = Math.Log(raised / background);
    private readonly double pass = SpecialFunctions.Log1p(-raised) - SpecialFunctions.Log1p(-background);

    /// <summary>Evidence since the sum last was 0, in nats.</summary>
    public double Sum { get; private set; }

    public bool Alarm => Sum >= limit;

    public void Failure() => Sum = Math.Max(0, Sum + failure);

    public void Pass() => Sum = Math.Max(0, Sum + pass);
}
