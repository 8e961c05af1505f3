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

    public void Record(bool first, bool failed)
    {
        if (first)
            (FirstCycles, FirstFailures) = (FirstCycles + 1, FirstFailures + (failed ? 1 : 0));
        else
            (SecondCycles, SecondFailures) = (SecondCycles + 1, SecondFailures + (failed ? 1 : 0));
    }

    /// <summary>The arms in words.</summary>
    public string Describe(string firstName, string secondName) =>
        $"{FirstFailures} of {FirstCycles} {firstName}, {SecondFailures} of {SecondCycles} {secondName}: "
        + (IsConfirmed ? $"confirmed at 95 % (e = {Evidence:0.#}, {TwoArms.Confirmed} needed), however often it was looked at"
            : $"not confirmed (e = {Evidence:0.##} of {TwoArms.Confirmed})");
}
