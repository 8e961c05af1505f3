using System.Text.Json;
using HilRig.Agent.Evidence;
using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Probe;
using HilRig.Agent.Running;
using HilRig.Model.Runs;

namespace HilRig.Agent.Steps;

/// <summary>
/// Holds three views of the same flash against each other: the array (SWD past the cache), the core (SWD through the cache; what
/// differs there is loaded by the core itself), the bootloader's read-memory. One table for each disagreement.
/// </summary>
public sealed record CompareViewsStep(uint? Start = null, uint? Length = null) : IStep
{
    public string? Refuse(Place place, Image? image) => MemoryArguments.RefuseOutsideFlash(Start, Length, place, image);

    public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        var range = MemoryArguments.Range(Start, Length, bench);
        bench.Touched = range;
        if (bench.HoldsApplication(range))
            bench.History.CoreHasRead();
        var swd = await ThreeViews.ReadAsync(bench, range, cancellationToken);
        var (confirmed, caches) = await CoreConfirmation.OfAsync(bench, swd, cancellationToken);
        var (page, whole, _) = await ThreeViews.AskBootloaderAsync(bench, new SwdViews([confirmed], ""), null, null, cancellationToken);
        bench.Measure("bytes", page.BytesCompared);
        bench.Measure("bytes-differing", page.BytesDiffering);
        bench.Measure("dcache-on", caches.IsDataCacheOn ? 1 : 0);
        bench.Attach(EvidenceKinds.Caches, "the core's caches", caches.ToString());
        if (ViewDisagreement.Find(page) is not { } disagreement)
            return;
        bench.Attach(EvidenceKinds.Views, $"flash {range}: {disagreement.Code}", Json(page), JsonSerializer.SerializeToUtf8Bytes(whole, RunJson.Options));
        throw new DutFailureException(new Failure("compare-views", disagreement.Code, "", $"{disagreement.InWords}; {caches}"), disagreement.Address);
    }

    private static string Json(MemoryViews views) => JsonSerializer.Serialize(views, RunJson.Options);
}
