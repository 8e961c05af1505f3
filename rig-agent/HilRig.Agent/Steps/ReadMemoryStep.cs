using HilRig.Agent.Images;
using HilRig.Agent.Places;

namespace HilRig.Agent.Steps;

/// <summary>ReadMemory; with <paramref name="Data"/> it passes only if just that is read.</summary>
public sealed record ReadMemoryStep(uint Start, uint? Length = null, HexBytes? Data = null) : IStep
{
    public string? Refuse(Place place, Image? image) => ReadResult.RefuseLength(Length, Data);

    public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        var count = (int?)Length ?? Data!.Count;
        var range = AddressRange.Of(Start, (uint)count);
        bench.Touch(range);
        if (bench.HoldsApplication(range))
            bench.History.CoreHasRead();
        ReadResult.Take(bench, Start, await bench.Bootloader.ReadMemoryAsync(Start, count, cancellationToken), Data);
    }
}
