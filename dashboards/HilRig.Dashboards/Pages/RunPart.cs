using HilRig.Model.Runs;

namespace HilRig.Dashboards.Pages;

/// <summary>A stretch of a run as a reader takes it in: the setup, one cycle with what was done to recover from it, or the cleanup.</summary>
public sealed class RunPart(string title, string id)
{
    private readonly List<RunLine> lines = [];
    private DateTimeOffset? from;
    private DateTimeOffset to;

    public string Title => title;

    /// <summary>Names the part in the page, <c>cycle-17</c>.</summary>
    public string Id => id;

    public IReadOnlyList<RunLine> Lines => lines;

    public Verdict Verdict { get; private set; }

    public Layer Layer { get; private set; }

    public bool IsMarginal => lines.Any(line => line.Ended is { Marginal: true });

    public TimeSpan Duration => from is { } start ? to - start : TimeSpan.Zero;

    /// <summary>Cuts events into parts, in their order.</summary>
    public static IReadOnlyList<RunPart> Of(IEnumerable<RunEvent> events)
    {
        var parts = new List<RunPart>();
        foreach (var runEvent in events)
        {
            if (TitleOf(runEvent.Body) is { } title && (parts.Count == 0 || parts[^1].Title != title))
                parts.Add(new RunPart(title, title.ToLowerInvariant().Replace(' ', '-')));
            if (parts.Count == 0 && runEvent.Body is RigNotice)
                parts.Add(new RunPart("Before", "before"));
            if (parts.Count > 0)
                parts[^1].Add(runEvent);
        }
        return parts;
    }

    /// <summary>The part that an event opens or belongs to; null for one that belongs wherever it stands.</summary>
    private static string? TitleOf(RunEventBody body) => body switch
    {
        CycleStarted cycle => $"Cycle {cycle.Cycle}",
        StepStarted { Phase: StepPhase.Setup } or StepEnded { Phase: StepPhase.Setup } => "Setup",
        StepStarted { Phase: StepPhase.Cleanup } or StepEnded { Phase: StepPhase.Cleanup } => "Cleanup",
        _ => null,
    };

    private void Add(RunEvent runEvent)
    {
        from ??= runEvent.At;
        switch (runEvent.Body)
        {
            case StepStarted started:
                lines.Add(new RunLine(runEvent.Number, started, null, null));
                break;
            case StepEnded ended when lines is [.., { Started: not null, Ended: null } open]:
                lines[^1] = open with { Ended = ended };
                Count(ended);
                break;
            case StepEnded ended:
                lines.Add(new RunLine(runEvent.Number, null, ended, null));
                Count(ended);
                break;
            case RigNotice notice:
                lines.Add(new RunLine(runEvent.Number, null, null, notice));
                break;
            case CycleEnded cycle:
                (Verdict, Layer) = (cycle.Verdict, cycle.Layer);
                break;
            case RunEnded:
                return;
        }
        to = runEvent.At;
    }

    /// <summary>Setup and cleanup have no end event; their verdict is their worst step's. A recovery judges nobody.</summary>
    private void Count(StepEnded step)
    {
        if (step.Phase is not (StepPhase.Setup or StepPhase.Cleanup) || step.Verdict <= Verdict)
            return;
        (Verdict, Layer) = (step.Verdict, step.Layer);
    }
}

/// <summary>A step, from its start to its end as far as it has come; or a notice about the rig.</summary>
public sealed record RunLine(long Number, StepStarted? Started, StepEnded? Ended, RigNotice? Notice);
