using HilRig.Agent.Power;
using HilRig.Agent.Serial;

namespace HilRig.Agent.Places;

/// <summary>What a cut of the power waits for.</summary>
public enum CutTrigger
{
    Delay,
    Bytes,
    Packet,

    /// <summary>The trigger line that the place names; the supply cuts by itself.</summary>
    Trigger,
}

/// <summary>The moment of a cut, waited for while a board is busy.</summary>
public sealed class CutMoment : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    private readonly Bench bench;
    private readonly CutPoint? point;
    private readonly ScpiSupply? armed;
    private readonly TimeSpan delay;

    private CutMoment(Bench bench, CutPoint? point, ScpiSupply? armed, TimeSpan delay) =>
        (this.bench, this.point, this.armed, this.delay) = (bench, point, armed, delay);

    /// <summary>Arms it; counting begins now.</summary>
    public static async Task<CutMoment> ArmAsync(Bench bench, CutTrigger after, uint count, TimeSpan delay, CancellationToken cancellationToken)
    {
        if (after == CutTrigger.Trigger)
        {
            await bench.Supply!.ArmAsync(count, delay, cancellationToken);
            return new CutMoment(bench, null, bench.Supply, delay);
        }
        var point = after == CutTrigger.Delay ? null : new CutPoint(after == CutTrigger.Bytes ? CutUnit.Bytes : CutUnit.Packet, count);
        bench.Line.StopAt(point);
        return new CutMoment(bench, point, null, delay);
    }

    /// <summary>Ends when the moment has come; at a byte or packet the line is held there.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (armed is null)
        {
            if (point is not null)
                await point.Reached.WaitAsync(cancellationToken);
            await Task.Delay(delay, bench.Time, cancellationToken);
            return;
        }
        while (!await armed.HasFiredAsync(cancellationToken))
            await Task.Delay(Poll, bench.Time, cancellationToken);
    }

    /// <summary>Lets a held line go on and disarms what has not fired.</summary>
    public async ValueTask DisposeAsync()
    {
        bench.Line.StopAt(null);
        point?.Release();
        if (armed is not null)
            await armed.DisarmAsync(CancellationToken.None);
    }
}
