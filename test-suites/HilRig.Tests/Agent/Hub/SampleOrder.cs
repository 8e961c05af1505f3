using HilRig.Model.Rig;

namespace HilRig.Tests.Agent.Hub;

/// <summary>An order for the sample place that does next to nothing.</summary>
internal static class SampleOrder
{
    public static RunOrder Of(string runId, long epoch = 1) =>
        new(runId, epoch, "p1", "s.yaml", "sequence: s\nboard: kv58\nsteps: [ping]", null, null, 1, 1, null);
}
