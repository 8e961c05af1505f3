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

    /// <summary>Neither blank nor a plausible vector table.</summary>
    Other,
}

/// <summary>How a reset was made.</summary>
public enum ResetKind
{
    /// <summary>The bootloader's own reset command.</summary>
    Bootloader,

    /// <summary>SYSRESETREQ by the debug probe.</summary>
    Probe,

    /// <summary>Supply off and on.</summary>
    Power,
}

/// <summary>What has happened to a board during a run: the source of the conditions of each sample.</summary>
public sealed class BoardHistory
{
    private ResetKind? lastReset;
    private FlashContent appAtBoot;
    private int updatesSinceReset;
    private int erasesSinceReset;
    private int cyclesSincePower;
    private string previousStep = "none";
    private Verdict previousVerdict;
    private Verdict previousCycle;

    /// <summary>What the steps so far left in the application area.</summary>
    public FlashContent AppNow { get; private set; }

    /// <summary>Conditions that never change during a run: board, baud, image.</summary>
    public IReadOnlyDictionary<string, string> Fixed { get; init; } = new Dictionary<string, string>();

    /// <param name="content">What SWD saw in the application area right after the reset.</param>
    public void ResetDone(ResetKind kind, FlashContent content)
    {
        lastReset = kind;
        appAtBoot = AppNow = content;
        updatesSinceReset = erasesSinceReset = 0;
        if (kind == ResetKind.Power)
            cyclesSincePower = 0;
    }

    public void EraseBegan()
    {
        erasesSinceReset++;
        AppNow = FlashContent.Partial;
    }

    public void UpdateBegan()
    {
        updatesSinceReset++;
        AppNow = FlashContent.Partial;
    }

    public void Left(FlashContent content) => AppNow = content;

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
    public IReadOnlyDictionary<string, string> Snapshot(IReadOnlyDictionary<string, string> ofTheStep) => new Dictionary<string, string>(Fixed.Concat(ofTheStep))
    {
        [ConditionVocabulary.AppAtBoot] = Word(appAtBoot),
        [ConditionVocabulary.AppNow] = Word(AppNow),
        [ConditionVocabulary.LastReset] = lastReset is { } kind ? KebabCase.From(kind.ToString()) : "none",
        [ConditionVocabulary.UpdatesSinceReset] = $"{updatesSinceReset}",
        [ConditionVocabulary.ErasesSinceReset] = $"{erasesSinceReset}",
        [ConditionVocabulary.CyclesSincePower] = $"{cyclesSincePower}",
        [ConditionVocabulary.PreviousStep] = previousStep,
        [ConditionVocabulary.PreviousVerdict] = KebabCase.From(previousVerdict.ToString()),
        [ConditionVocabulary.PreviousCycle] = KebabCase.From(previousCycle.ToString()),
    };

    private static string Word(FlashContent content) => KebabCase.From(content.ToString());
}
