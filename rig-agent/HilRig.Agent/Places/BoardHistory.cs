using HilRig.Agent.Serial;
using HilRig.Model.Runs;

namespace HilRig.Agent.Places;

/// <summary>What the application area holds.</summary>
public enum FlashContent
{
    Unknown,
    Blank,
    Application,

    /// <summary>An update or erase began and did not end well.</summary>
    Partial,

    /// <summary>Neither blank nor a plausible vector table, or bytes of a sequence's own.</summary>
    Other,
}

/// <summary>How a reset was made.</summary>
public enum ResetKind
{
    /// <summary>The bootloader's own reset command.</summary>
    Bootloader,

    /// <summary>SYSRESETREQ by the debug probe.</summary>
    Probe,

    /// <summary>The nRESET pin, driven by the debug probe.</summary>
    ProbePin,

    /// <summary>VECTRESET by the debug probe: the core alone.</summary>
    ProbeCore,

    /// <summary>Supply off and on.</summary>
    Power,
}

/// <summary>What the core has read of the application's area since the last reset, which empties its caches.</summary>
public enum CoreReading
{
    /// <summary>This run has not reset the board yet.</summary>
    Unknown,
    None,

    /// <summary>The area was erased since: a cache may still hold what lay there.</summary>
    BeforeErase,

    SinceErase,
}

/// <summary>What has happened to a board during a run: the source of the conditions of each sample.</summary>
public sealed class BoardHistory
{
    private FlashContent appAtBoot;
    private int updatesSinceReset;
    private int erasesSinceReset;
    private int cyclesSincePower;
    private SerialLineErrors? lineSinceReset;
    private CoreReading coreRead;
    private string previousStep = "none";
    private Verdict previousVerdict;
    private Verdict previousCycle;

    /// <summary>What lies in the application area: as the steps left it, or as SWD saw it after the last reset.</summary>
    public FlashContent AppNow { get; private set; }

    /// <summary>
    /// What the steps of this run left where the image belongs. A reset does not change it: a plausible vector table is no
    /// promise that this image stands behind it.
    /// </summary>
    public FlashContent Written { get; private set; }

    /// <summary>The last reset that this run began; null before the first.</summary>
    public ResetKind? LastReset { get; private set; }

    /// <summary>What the chip gave as the cause of its last start; null until it was asked.</summary>
    public uint? CauseOfStart { get; set; }

    /// <summary>A reset began and did not end well: nobody knows whether the board started anew.</summary>
    public bool IsResetOpen { get; private set; }

    /// <summary>Starts of the board that this run made; a run that goes on after a crash goes on counting.</summary>
    public int BootNumber { get; set; }

    /// <summary>Conditions that never change during a run: board, USB latency.</summary>
    public IReadOnlyDictionary<string, string> Fixed { get; init; } = new Dictionary<string, string>();

    /// <summary>Conditions that hold for a cycle: its image, the values of the sequence's parameters.</summary>
    public IReadOnlyDictionary<string, string> Varying { get; set; } = new Dictionary<string, string>();

    /// <summary>Conditions of the line, until a step changes them: baud, gap.</summary>
    public IReadOnlyDictionary<string, string> OfLine { get; set; } = new Dictionary<string, string>();

    public void ResetBegan(ResetKind kind)
    {
        IsResetOpen = true;
        BootNumber++;
        LastReset = kind;
        appAtBoot = FlashContent.Unknown;
    }

    /// <param name="content">What SWD saw in the application area right after the reset.</param>
    public void ResetDone(ResetKind kind, FlashContent content)
    {
        IsResetOpen = false;
        LastReset = kind;
        appAtBoot = AppNow = content;
        coreRead = CoreReading.None;
        updatesSinceReset = erasesSinceReset = 0;
        lineSinceReset = lineSinceReset is null ? null : default(SerialLineErrors);
        if (kind == ResetKind.Power)
            cyclesSincePower = 0;
    }

    /// <summary>What the last erase began on: proof of an erase needs something that was there.</summary>
    public FlashContent BeforeErase { get; private set; }

    public void EraseBegan()
    {
        erasesSinceReset++;
        BeforeErase = AppNow;
        ApplicationChanges();
        Left(FlashContent.Partial);
    }

    public void UpdateBegan()
    {
        updatesSinceReset++;
        ApplicationChanges();
        Left(FlashContent.Partial);
    }

    /// <summary>The core loaded some of the application's area: for the bootloader's read-memory, or for who looks through its cache.</summary>
    public void CoreHasRead() => coreRead = CoreReading.SinceErase;

    /// <summary>An erase of flash in which neither application nor image lies.</summary>
    public void EraseElsewhereBegan() => erasesSinceReset++;

    /// <summary>Everything is gone, the bootloader too; nobody knows how the board starts until one is there and was reset.</summary>
    public void MassErased()
    {
        erasesSinceReset++;
        IsResetOpen = true;
        ApplicationChanges();
        Left(FlashContent.Blank);
    }

    public void Left(FlashContent content) => AppNow = Written = content;

    /// <summary>Another image is written from now on: what the last one's place holds says nothing of this one's.</summary>
    public void ImageChanged() => Written = FlashContent.Unknown;

    /// <summary>The application's vectors are erased; part of the image may still stand.</summary>
    public void VectorsErased() => AppNow = FlashContent.Blank;

    /// <summary>What the serial driver counted anew; null where it does not count.</summary>
    public void LineCounted(SerialLineErrors? errors) => lineSinceReset = lineSinceReset.GetValueOrDefault() + errors;

    public void StepEnded(string step, Verdict verdict)
    {
        previousStep = step;
        previousVerdict = verdict;
    }

    public void CycleEnded(Verdict verdict)
    {
        previousCycle = verdict;
        cyclesSincePower++;
    }

    /// <summary>The conditions as they hold now, with those that the next step sets itself.</summary>
    public IReadOnlyDictionary<string, string> Snapshot(IReadOnlyDictionary<string, string> ofTheStep) => new Dictionary<string, string>(Fixed.Concat(OfLine).Concat(Varying).Concat(ofTheStep))
    {
        [ConditionVocabulary.AppAtBoot] = Word(appAtBoot),
        [ConditionVocabulary.AppNow] = Word(AppNow),
        [ConditionVocabulary.CoreRead] = KebabCase.From(coreRead.ToString()),
        [ConditionVocabulary.LastReset] = LastReset is { } kind ? KebabCase.From(kind.ToString()) : "none",
        [ConditionVocabulary.UpdatesSinceReset] = $"{updatesSinceReset}",
        [ConditionVocabulary.ErasesSinceReset] = $"{erasesSinceReset}",
        [ConditionVocabulary.BootNumber] = $"{BootNumber}",
        [ConditionVocabulary.CyclesSincePower] = $"{cyclesSincePower}",
        [ConditionVocabulary.FramingErrorsSinceReset] = Count(lineSinceReset?.Framing),
        [ConditionVocabulary.OverrunsSinceReset] = Count(lineSinceReset?.AllOverruns),
        [ConditionVocabulary.PreviousStep] = previousStep,
        [ConditionVocabulary.PreviousVerdict] = KebabCase.From(previousVerdict.ToString()),
        [ConditionVocabulary.PreviousCycle] = KebabCase.From(previousCycle.ToString()),
    };

    /// <summary>What the core read before is no longer what lies there.</summary>
    private void ApplicationChanges() => coreRead = coreRead is CoreReading.SinceErase ? CoreReading.BeforeErase : coreRead;

    private static string Count(int? count) => count is { } number ? $"{number}" : "none";

    private static string Word(FlashContent content) => KebabCase.From(content.ToString());
}
