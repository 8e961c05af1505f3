using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Probe;
using HilRig.Model.Runs;

namespace HilRig.Agent.Steps;

/// <summary>Keeps what SWD reads from a stretch of memory with the run; the core runs on.</summary>
public sealed record SnapshotStep(uint? Start = null, uint? Length = null, MemoryView View = MemoryView.Array) : IStep
{
    public string? Refuse(Place place, Image? image) => MemoryArguments.Refuse(Start, Length, place, image);

    public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        var range = MemoryArguments.Range(Start, Length, bench);
        var bytes = await bench.Probe.ReadMemoryAsync(range.Start, (int)range.Size, View, cancellationToken);
        bench.Attach(EvidenceKinds.Memory, $"memory {range} as {(View == MemoryView.Array ? "the array holds it" : "the core sees it")}", "", bytes);
        bench.Measure("bytes", bytes.Length);
    }
}
