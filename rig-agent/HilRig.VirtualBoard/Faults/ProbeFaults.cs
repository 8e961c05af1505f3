namespace HilRig.VirtualBoard.Faults;

/// <summary>The probe faults of one board, asked once for each request of any debugger.</summary>
public sealed class ProbeFaults(IReadOnlyList<ProbeFault> faults)
{
    private readonly Lock gate = new();

    public static ProbeFaults None { get; } = new([]);

    /// <summary>Names that <see cref="TryRead"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetValues<ProbeFaultKind>().Select(NameOf)];

    /// <summary>
    /// A fault as a person writes it: <c>probe-noack</c>, <c>probe-wait</c>, <c>probe-hang</c> or <c>probe-unplug</c>, each with
    /// <c>p</c> or <c>index</c> and <c>for</c>, the number of requests that a strike spoils (1; 20 for wait and unplug).
    /// Null when the name is another.
    /// </summary>
    /// <exception cref="UsageException">A parameter is unknown or out of range.</exception>
    public static ProbeFault? TryRead(FaultText text, Random chance)
    {
        foreach (var kind in Enum.GetValues<ProbeFaultKind>())
        {
            if (NameOf(kind) != text.Name) continue;
            var occurrence = Occurrence.Read(text);
            var uses = text.Number("for", kind is ProbeFaultKind.Wait or ProbeFaultKind.Unplug ? 20 : 1, min: 1);
            text.RejectUnknown();
            return new ProbeFault(kind, occurrence, uses, chance);
        }

        return null;
    }

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

    private static string NameOf(ProbeFaultKind kind) => $"probe-{kind.ToString().ToLowerInvariant()}";
}
