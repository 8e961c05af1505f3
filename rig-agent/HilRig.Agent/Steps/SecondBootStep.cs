using HilRig.Agent.Images;
using HilRig.Agent.Places;

namespace HilRig.Agent.Steps;

/// <summary>Resets the board, sends it nothing, and waits for its application: what a user's next start will be like.</summary>
public sealed record SecondBootStep(ResetKind By, AppSign Sign = AppSign.Banner, string Banner = "\\S", TimeSpan? Within = null) : IStep
{
    public string? Refuse(Place place, Image? image) => new ResetStep(By).Refuse(place, image) ?? WaitForAppStep.RefuseBanner(Banner);

    public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        await bench.ResetAndLeaveAsync(By, cancellationToken);
        await bench.WaitForApplicationAsync(Sign, Banner, Within, cancellationToken);
    }
}
