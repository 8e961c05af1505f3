using System.Text.RegularExpressions;
using HilRig.Agent.Running;
using HilRig.Model.Runs;

namespace HilRig.Agent.Places;

/// <summary>What shows that the application runs.</summary>
public enum AppSign
{
    /// <summary>Text on the serial line.</summary>
    Banner,

    /// <summary>The program counter, read by SWD, lies in the application.</summary>
    ProgramCounter,
}

/// <summary>Waits for the application of a board that nobody keeps in its bootloader.</summary>
public static class ApplicationWatch
{
    private static readonly TimeSpan BootTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MatchTime = TimeSpan.FromSeconds(1);

    /// <summary>The pattern, ready to use; null when it is none.</summary>
    public static Regex? TryPattern(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, MatchTime);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <param name="within">Null is the boot window and 5 s.</param>
    public static async Task WaitForApplicationAsync(this Bench bench, AppSign sign, string banner, TimeSpan? within, CancellationToken cancellationToken)
    {
        var limit = within ?? bench.Board.BootWindow + BootTime;
        var began = bench.Time.GetTimestamp();
        if (sign == AppSign.Banner)
            await bench.Bootloader.ReadTextAsync(TryPattern(banner)!, limit, cancellationToken);
        else
            await AwaitProgramCounterAsync(bench, limit, cancellationToken);
        bench.Measure("app-seconds", bench.Time.GetElapsedTime(began).TotalSeconds);
    }

    /// <summary>Each look halts the core for as long as reading a register takes. SWD is the witness: a core that stays elsewhere is the product's failure.</summary>
    private static async Task AwaitProgramCounterAsync(Bench bench, TimeSpan limit, CancellationToken cancellationToken)
    {
        var began = bench.Time.GetTimestamp();
        while (true)
        {
            var registers = await bench.Probe.ReadCoreRegistersAsync(["pc"], cancellationToken);
            var counter = registers["pc"];
            if (counter >= bench.Board.Map.ApplicationAddress && counter < bench.Board.Map.Flash.End)
                return;
            if (bench.Time.GetElapsedTime(began) > limit)
                throw new DutFailureException(new Failure("wait-for-app", "not-running", "", $"the core stands at 0x{counter:X8}, outside the application, after {limit.TotalSeconds:0.###} s"));
            await Task.Delay(Poll, bench.Time, cancellationToken);
        }
    }
}
