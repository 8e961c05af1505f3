namespace HilRig.Model.Flags;

/// <summary>k of n with its 95 % interval (Wilson), printed <c>3/2214 → 0.14 % [0.05–0.39]</c>.</summary>
public sealed record Rate(int Failures, int Trials, double Low, double High)
{
    public double Value => Trials == 0 ? 0 : (double)Failures / Trials;

    public override string ToString() =>
        Trials == 0 ? "0/0" : $"{Failures}/{Trials} → {100 * Value:0.##} % [{100 * Low:0.##}–{100 * High:0.##}]";
}
