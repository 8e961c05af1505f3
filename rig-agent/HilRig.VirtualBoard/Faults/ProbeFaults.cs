namespace HilRig.VirtualBoard.Faults;

/// <summary>The probe faults of one board, asked once for each request of any debugger.</summary>
public sealed class ProbeFaults(IReadOnlyList<ProbeFault> faults)
{
    private readonly Lock gate = new();

    public static ProbeFaults None { get; } = new([]);

    /// <summary>The worst fault that spoils this use; null when it goes well.</summary>
    public ProbeFaultKind? Strike(ProbeUse use)
    {
        if (faults.Count == 0) return null;
        lock (gate)
        {
            ProbeFaultKind? worst = null;
            // Each is asked, so that its position does not depend on the others.
            foreach (var fault in faults)
                if (fault.Strikes(use) && (worst is null || fault.Kind > worst)) worst = fault.Kind;
            return worst;
        }
    }
}
