namespace HilRig.Agent.Power;

/// <summary>Lets a supply's voltage fall or rise in even steps; at the end, however it comes, the supply is set to its own voltage again.</summary>
public sealed class VoltageRamp : IAsyncDisposable
{
    private const int Steps = 20;

    private readonly ScpiSupply supply;
    private readonly double nominal;
    private readonly TimeProvider time;

    private VoltageRamp(ScpiSupply supply, double nominal, TimeProvider time) => (this.supply, this.nominal, this.time) = (supply, nominal, time);

    public static async Task<VoltageRamp> BeginAsync(ScpiSupply supply, TimeProvider time, CancellationToken cancellationToken) =>
        new(supply, await supply.ReadLevelAsync(cancellationToken), time);

    /// <summary>From the set voltage to nothing; the output stays on.</summary>
    public async Task FallAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        for (var step = Steps - 1; step >= 0; step--)
            await StepAsync(step, duration, cancellationToken);
    }

    /// <summary>Switches the output on at nothing and lets it rise to the set voltage.</summary>
    public async Task RiseAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        await supply.SetLevelAsync(0, cancellationToken);
        await supply.SwitchAsync(PowerState.On, cancellationToken);
        for (var step = 1; step <= Steps; step++)
            await StepAsync(step, duration, cancellationToken);
    }

    public async ValueTask DisposeAsync() => await supply.SetLevelAsync(nominal, CancellationToken.None);

    private async Task StepAsync(int step, TimeSpan duration, CancellationToken cancellationToken)
    {
        await supply.SetLevelAsync(nominal * step / Steps, cancellationToken);
        await Task.Delay(duration / Steps, time, cancellationToken);
    }
}
