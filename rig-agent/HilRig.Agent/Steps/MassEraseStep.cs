using HilRig.Agent.Places;
using HilRig.Model.Runs;

namespace HilRig.Agent.Steps;

/// <summary>Erases the whole part through the MDM-AP, the bootloader too, and opens it if it was secured.</summary>
public sealed record MassEraseStep : IStep
{
    public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        bench.Bootloader.ForgetSession();
        bench.History.MassErased();
        bench.Configuration = null;
        var status = await bench.Probe.MassEraseAsync(bench.Time, cancellationToken);
        if (status.IsSecured)
            throw new Running.DutFailureException(new Failure("mass-erase", "secured", "", $"the part is still secured after the mass erase (MDM-AP status {status})"));
        bench.IsSecured = false;
        bench.Attach(EvidenceKinds.DebugPort, "MDM-AP status after the mass erase", status.ToString());
    }
}
