using HilRig.Agent.Images;
using HilRig.Agent.Places;

namespace HilRig.Agent.Steps;

/// <summary>What the flash controller keeps beside the flash, by the number of its read-resource command.</summary>
public enum FlashResource : uint
{
    /// <summary>The program flash's information row.</summary>
    Ifr,

    /// <summary>Eight bytes at address 8.</summary>
    VersionId,
}

/// <summary>FlashReadResource; with <paramref name="Data"/> it passes only if just that is read.</summary>
public sealed record ReadResourceStep(FlashResource Of, uint Start, uint? Length = null, HexBytes? Data = null) : IStep
{
    public string? Refuse(Place place, Image? image) => ReadResult.RefuseLength(Length, Data);

    public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken) =>
        ReadResult.Take(bench, Start, await bench.Bootloader.FlashReadResourceAsync(Start, (int?)Length ?? Data!.Count, (uint)Of, cancellationToken), Data);
}
