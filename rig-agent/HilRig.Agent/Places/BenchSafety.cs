using HilRig.Agent.Power;

namespace HilRig.Agent.Places;

/// <summary>The state in which a run leaves its board, however it ended: with power, its boot pin free.</summary>
public static class BenchSafety
{
    /// <summary>Null where the board is safe, else what stands in the way. May be called any number of times.</summary>
    public static async Task<string?> LeaveSafeAsync(this Bench bench)
    {
        using var deadline = new CancellationTokenSource(Policies.SafetyDeadline, bench.Time);
        try
        {
            if (bench.Power is { } power)
                await power.RestoreAsync(deadline.Token);
            if (bench.Place.Entry == BootloaderEntry.Pin)
                await bench.Supply!.DriveBootPinAsync(BootPin.Free, deadline.Token);
            return null;
        }
        catch (Exception exception) when (exception is RigException or OperationCanceledException)
        {
            return $"place {bench.Place.Name}: the board could not be left with power and a free boot pin: {exception.Message}";
        }
    }
}
