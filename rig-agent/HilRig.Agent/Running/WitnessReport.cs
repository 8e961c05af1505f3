using HilRig.Agent.Bootloader;
using HilRig.Agent.Places;
using HilRig.Agent.Power;
using HilRig.Agent.Probe;

namespace HilRig.Agent.Running;

/// <summary>What the sources that are not the bootloader say at the moment of a failure.</summary>
/// <param name="ProbeAnswers">SWD was asked and answered.</param>
/// <param name="SupplyIsOn">True also where nothing measures the supply.</param>
/// <param name="Content">What SWD says of the flash that the step was to change.</param>
/// <param name="Volts">Null where they are not measured.</param>
/// <param name="Supply">The supply's answer in words.</param>
/// <param name="Probe">The probe's.</param>
public sealed record WitnessReport(bool ProbeAnswers, bool SupplyIsOn, CoreState Core, ContentState Content, double? Volts, string Supply, string Probe)
{
    /// <summary>What the MDM-AP says, which answers on a secured part too; null where it does not.</summary>
    public MdmStatus? Mdm { get; init; }

    /// <summary>The run itself took the supply away: what is off then is off by the sequence.</summary>
    public bool SupplyWasTaken { get; init; }

    /// <summary>What the map says of the request that a status refused.</summary>
    public RequestState Request { get; init; }

    /// <summary>A reset that nobody asked for.</summary>
    public StrayReset Stray { get; init; }

    /// <summary>After every deadline the flash controller still works on a command.</summary>
    public bool IsFlashBusy { get; init; }

    /// <summary>The image that the run wrote told the bootloader not to listen on its UART.</summary>
    public bool IsUartLeftOut { get; init; }

    /// <summary>Why <see cref="Mdm"/> is missing.</summary>
    public string MdmSilence { get; init; } = "";

    /// <summary>Before a run has begun there is nobody to ask.</summary>
    public static WitnessReport NotAsked { get; } =
        new(false, true, CoreState.Unknown, ContentState.NotLookedAt, null, "no witness was asked: the run had not begun", "");

    public string InWords => string.Join(", ", new[] { Supply, Probe, ResetWitness.InWords(Stray), IsFlashBusy ? "the flash controller is still busy" : "", IsUartLeftOut ? BootConfigurationWitness.Words : "", ContentWitness.InWords(Content) }.Where(words => words.Length > 0));

    /// <summary>Asks supply and probe about what a step threw; no answer is ever an exception here.</summary>
    public static async Task<WitnessReport> AskAsync(Bench bench, Exception thrown, IReadOnlyList<IntendedContent> intended, CancellationToken cancellationToken)
    {
        var (isOn, volts, supply) = await AskSupplyAsync(bench, cancellationToken);
        var wasTaken = bench.Power is { IsTaken: true };
        var restarts = bench.Probe.Restarts;
        var (mdm, silence) = await AskDebugPortAsync(bench, cancellationToken);
        var request = RequestWitness.Look(bench.Board.Map, (thrown as BootloaderStatusException)?.Asked);
        try
        {
            var isSilent = thrown is LinkSilenceException or LinkProtocolException;
            var wasReset = (await bench.Probe.ReadWordAsync(CoreWitness.Dhcsr, cancellationToken) & CoreWitness.Reset) != 0;
            var stray = await ResetWitness.LookAsync(bench, wasReset, hasLostProbe: bench.Probe.Restarts > restarts, cancellationToken);
            var (core, words) = isSilent ? await CoreWitness.WatchAsync(bench, cancellationToken) : await CoreWitness.GlanceAsync(bench, cancellationToken);
            var content = await ContentWitness.LookAsync(bench, thrown, intended, cancellationToken);
            var isBusy = isSilent && await ContentWitness.IsControllerBusyAsync(bench, cancellationToken);
            var isUartLeftOut = isSilent && await BootConfigurationWitness.IsUartLeftOutAsync(bench, cancellationToken);
            return new WitnessReport(true, isOn, core, content, volts, supply, words) { Mdm = mdm, MdmSilence = silence, SupplyWasTaken = wasTaken, Request = request, Stray = stray, IsFlashBusy = isBusy, IsUartLeftOut = isUartLeftOut };
        }
        catch (Exception exception)
        {
            var words = mdm is { } status ? $"SWD reaches the debug port alone (MDM-AP {status})" : $"the probe does not answer ({exception.Message})";
            return new WitnessReport(mdm is not null, isOn, CoreState.Unknown, ContentState.NotLookedAt, volts, supply, words) { Mdm = mdm, MdmSilence = silence, SupplyWasTaken = wasTaken, Request = request };
        }
    }

    private static async Task<(MdmStatus? Status, string Silence)> AskDebugPortAsync(Bench bench, CancellationToken cancellationToken)
    {
        try
        {
            return (await bench.Probe.ReadMdmStatusAsync(cancellationToken), "");
        }
        catch (Exception exception) when (exception is ProbeException or OperationCanceledException)
        {
            return (null, exception.Message);
        }
    }

    private static async Task<(bool IsOn, double? Volts, string Words)> AskSupplyAsync(Bench bench, CancellationToken cancellationToken)
    {
        try
        {
            if (bench.Power is not { } power || await power.MeasureVoltsAsync(cancellationToken) is not { } volts)
                return (true, null, "nothing measures the supply");
            return (BoardPower.IsOn(volts), volts, FormattableString.Invariant($"the supply measures {volts:0.00} V"));
        }
        catch (Exception exception)
        {
            return (false, null, exception.Message);
        }
    }
}
