namespace HilRig.Analysis.Triggers;

/// <summary>
/// Two arms in random order, one of each in every block of two: board, hour and hub weigh on both alike. Confirms a trigger
/// (on against off) and compares releases (new against old); may be looked at after every cycle.
/// </summary>
public sealed class ArmSchedule(int seed)
{
    private readonly Random random = new(seed);
    private bool? second;

    public int FirstFailures { get; private set; }

    public int SecondFailures { get; private set; }

    public int FirstCycles { get; private set; }

    public int SecondCycles { get; private set; }

    /// <summary>The e-value of the first arm failing more.</summary>
    public double Evidence => TwoArms.Evidence(FirstFailures, SecondFailures);

    public bool IsConfirmed => Evidence >= TwoArms.Confirmed;

    /// <summary>The second arm fails more, at the same confidence.</summary>
    public bool IsReversed => TwoArms.Evidence(SecondFailures, FirstFailures) >= TwoArms.Confirmed;

    /// <summary>True for the first arm.</summary>
    public bool NextIsFirst()
    {
        if (second is { } waiting)
        {
            second = null;
            return waiting;
        }
        var first = random.Next(2) == 0;
        second = !first;
        return first;
    }

    public void Record(bool first, bool failed) => Record(first, failed ? 1 : 0, 1);

    /// <summary>Cycles of one arm; look at the evidence when the other has had as many.</summary>
    public void Record(bool first, int failures, int cycles)
    {
        if (first)
            (FirstCycles, FirstFailures) = (FirstCycles + cycles, FirstFailures + failures);
        else
            (SecondCycles, SecondFailures) = (SecondCycles + cycles, SecondFailures + failures);
    }

    /// <summary>The arms in words.</summary>
    public string Describe(string firstName, string secondName) =>
        $"{FirstFailures} of {FirstCycles} {firstName}, {SecondFailures} of {SecondCycles} {secondName}: "
        + (IsConfirmed ? $"confirmed at 95 % that {firstName} fails more (e = {Evidence:0.#}, {TwoArms.Confirmed} needed), however often it was looked at"
            : IsReversed ? $"confirmed at 95 % that {secondName} fails more (e = {TwoArms.Evidence(SecondFailures, FirstFailures):0.#}, {TwoArms.Confirmed} needed)"
            : $"not confirmed (e = {Evidence:0.##} of {TwoArms.Confirmed})");
}
