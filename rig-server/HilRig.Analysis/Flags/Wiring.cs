using HilRig.Model.Runs;

namespace HilRig.Analysis.Flags;

/// <summary>What the adapters of neighbouring places have in common.</summary>
internal static class Wiring
{
    /// <summary>The sample's hub in words; its agent where no hub is named.</summary>
    public static string Of(StepSample sample) => sample.Hub is { } hub ? $"hub {hub} of {sample.Agent}" : sample.Agent;
}
