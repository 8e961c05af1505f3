using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Probe;
using HilRig.Model.Runs;

namespace HilRig.Agent.Steps;

/// <summary>Whether a release may leave the part secured at its next reset.</summary>
public enum Securing
{
    Refuse,
    Allow,
}

/// <summary>Writes a bootloader release by SWD, verifies it, resets the board and enters the new bootloader.</summary>
public sealed record InstallReleaseStep(string Release, ConnectMode Connect = ConnectMode.Attach, Securing Securing = Securing.Refuse) : IStep
{
    public string? Refuse(Place place, Image? image)
    {
        if (Connect == ConnectMode.DebugPortOnly)
            return "`connect: debug-port-only` looks for no core, which programming needs";
        if (ReleaseFolder.Refuse(place, Release) is { } refusal)
            return refusal;
        return ReleaseFolder.Load(place, Release).Refuse(place.Board.Map, Securing);
    }

    public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        var release = ReleaseFolder.Load(bench.Place, Release);
        if (Connect != ConnectMode.Attach)
            await bench.Probe.ConnectAsync(Connect, cancellationToken);
        await bench.InstallAsync(release, cancellationToken);
        bench.Measure("bytes", release.Bytes.Length);
    }
}
