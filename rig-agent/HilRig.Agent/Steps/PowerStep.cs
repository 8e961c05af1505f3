using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Power;

namespace HilRig.Agent.Steps;

/// <summary>What becomes of a board's power.</summary>
public enum PowerChange
{
    On,
    Off,
    Cycle,
}

/// <summary>Switches the board's power, at once or by a ramp of the supply's voltage; a board that gets power is led into its bootloader.</summary>
public sealed record PowerStep(PowerChange To, TimeSpan? Ramp = null, TimeSpan? OffFor = null) : IStep
{
    private static readonly TimeSpan ShortestOff = TimeSpan.FromMilliseconds(50);

    public string? Refuse(Place place, Image? image) =>
        place.Power is null ? $"place {place.Name} has no `power:`"
        : Ramp is not null && place.Power.ScpiAddress is null ? $"`ramp` needs a SCPI supply, and place {place.Name} has a command"
        : null;

    public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        if (To != PowerChange.On)
            await TakeAsync(bench, cancellationToken);
        if (To == PowerChange.Off)
            return;
        if (To == PowerChange.Cycle)
            await WaitOffAsync(bench, cancellationToken);
        await bench.RestartAsync(ResetKind.Power, token => GiveAsync(bench, token), cancellationToken);
    }

    private async Task TakeAsync(Bench bench, CancellationToken cancellationToken)
    {
        bench.History.ResetBegan(ResetKind.Power);
        if (Ramp is not { } ramp)
        {
            await bench.Power!.CutAsync(cancellationToken);
            return;
        }
        await using var level = await VoltageRamp.BeginAsync(bench.Supply!, bench.Time, cancellationToken);
        await level.FallAsync(ramp, cancellationToken);
        await bench.Power!.CutAsync(cancellationToken);
    }

    private async Task WaitOffAsync(Bench bench, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(OffFor ?? ShortestOff, bench.Time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // A run that is stopped in here must not leave the board without power.
            await bench.Power!.RestoreAsync(CancellationToken.None);
            throw;
        }
    }

    private async Task GiveAsync(Bench bench, CancellationToken cancellationToken)
    {
        if (Ramp is { } ramp)
        {
            await using var level = await VoltageRamp.BeginAsync(bench.Supply!, bench.Time, cancellationToken);
            await level.RiseAsync(ramp, cancellationToken);
        }
        await bench.PowerUpAsync(cancellationToken);
    }
}
