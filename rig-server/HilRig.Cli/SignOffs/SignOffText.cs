using HilRig.Analysis.SignOff;

namespace HilRig.Cli.SignOffs;

/// <summary>A sign-off's figures for a person.</summary>
internal static class SignOffText
{
    public static string Of(SignOffFigures figures) =>
        $"{figures.State.ToString().ToLowerInvariant()}: {figures.Failures} failures in {figures.Cycles} cycles of {figures.Needed}, {figures.Voided} voided; "
        + $"below {100 * figures.Bound:0.####} % (below {100 * figures.WorstBound:0.####} % with every voided cycle against it)"
        + (figures.Missing.Count == 0 ? "" : $"; missing: {string.Join("; ", figures.Missing)}");
}
