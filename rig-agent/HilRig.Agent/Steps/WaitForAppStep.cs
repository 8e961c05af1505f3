using HilRig.Agent.Images;
using HilRig.Agent.Places;

namespace HilRig.Agent.Steps;

/// <summary>Waits until the application runs: until it says so on the line, or until SWD finds the core in it.</summary>
public sealed record WaitForAppStep(AppSign By = AppSign.Banner, string Banner = "\\S", TimeSpan? Within = null) : IStep
{
    public string? Refuse(Place place, Image? image) => RefuseBanner(Banner);

    public Task ExecuteAsync(Bench bench, CancellationToken cancellationToken) => bench.WaitForApplicationAsync(By, Banner, Within, cancellationToken);

    internal static string? RefuseBanner(string banner) =>
        ApplicationWatch.TryPattern(banner) is null ? $"`{banner}` is no regular expression of the linear kind (no look-around, no back-references)" : null;
}
