using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Power;
using HilRig.Agent.Running;
using HilRig.Model.Runs;

namespace HilRig.Agent.Steps;

/// <summary>
/// Begins an update, takes the board's power away in the middle of it, gives it back and enters the bootloader. It passes when
/// the cut is a fact and the bootloader answers again; what the flash then holds is for the steps behind it.
/// </summary>
public sealed record CutPowerStep(CutTrigger After, uint Count = 1, TimeSpan? Delay = null, TimeSpan? OffFor = null, Recipe Recipe = Recipe.KinetisFlashTool) : IStep
{
    private static readonly TimeSpan ShortestOff = TimeSpan.FromMilliseconds(50);

    private readonly UpdateStep update = new(Recipe);

    public IReadOnlyDictionary<string, string> Conditions => update.Conditions;

    public string? Refuse(Place place, Image? image) => update.Refuse(place, image)
        ?? (place.Power is null ? $"place {place.Name} has no `power:`"
            : After == CutTrigger.Trigger && place.Power.TriggerLine is null ? $"place {place.Name} has no `trigger:` in its `power:`, which names the line that is wired to the supply's trigger input"
            : After == CutTrigger.Delay && Delay is null ? "`after: delay` needs `delay`, a time such as 40ms"
            : Count == 0 ? "`count` begins at 1" : null);

    public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        var power = bench.Power!;
        try
        {
            await CutInUpdateAsync(bench, power, cancellationToken);
            await Task.Delay(OffFor ?? ShortestOff, bench.Time, cancellationToken);
        }
        catch
        {
            // However this ends: a board must not be left without power.
            await power.RestoreAsync(CancellationToken.None);
            throw;
        }
        await bench.RestartAsync(ResetKind.Power, bench.PowerUpAsync, cancellationToken);
    }

    private async Task CutInUpdateAsync(Bench bench, BoardPower power, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var updating = Task.CompletedTask;
        try
        {
            await using var moment = await CutMoment.ArmAsync(bench, After, Count, Delay ?? TimeSpan.Zero, cancellationToken);
            updating = update.ExecuteAsync(bench, stop.Token);
            var waiting = moment.WaitAsync(stop.Token);
            if (await Task.WhenAny(updating, waiting) == updating && !await HasCutAsync(bench, cancellationToken))
            {
                await updating;
                throw new SequenceStepException("cut-power", $"the update was over before {KebabCase.From(After.ToString())} {Count} came; ask for an earlier moment or a larger image");
            }
            await power.CutAsync(cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
            await updating.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>An update that fell silent may have lost its power between two looks at the supply.</summary>
    private async Task<bool> HasCutAsync(Bench bench, CancellationToken cancellationToken) =>
        After == CutTrigger.Trigger && await bench.Supply!.HasFiredAsync(cancellationToken);
}
