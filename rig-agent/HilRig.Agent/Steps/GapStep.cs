using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Serial;

namespace HilRig.Agent.Steps;

/// <summary>Pauses in what is sent, from here on; without arguments none any more.</summary>
public sealed record GapStep(TimeSpan? Between = null, TimeSpan? Inside = null) : IStep
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    public string? Refuse(Place place, Image? image) => Between > Longest || Inside > Longest ? $"a pause is at most {Longest.TotalSeconds:0} s" : null;

    public Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        bench.Manner = bench.Manner with { Pause = new LinePause(Between ?? TimeSpan.Zero, Inside ?? TimeSpan.Zero) };
        return Task.CompletedTask;
    }
}
