namespace HilRig.VirtualBoard.Faults;

/// <summary>Faults of the debug probe and its wires.</summary>
internal static class ProbeFaultKinds
{
    public static IEnumerable<FaultKind> All =>
    [
        Struck("probe-no-ack", ProbeFaultKind.NoAck, 1, "No ACK received (status 10) for as many transfers"),
        Struck("probe-wait", ProbeFaultKind.Wait, 20, "WAIT (status 11) for as many accesses behind an access port; ABORT still gets through"),
        Struck("probe-hang", ProbeFaultKind.Hang, 1, "a request is never answered: pyOCD waits for ever and must be killed; the next one is served"),
        Struck("probe-unplug", ProbeFaultKind.Unplug, 20, "status 2 for as many requests of any kind, nRESET is let go; then the probe is back"),
    ];

    private static FaultKind Struck(string name, ProbeFaultKind kind, long uses, string swd) =>
        new(name, "-", $"p=0.001, index=N, for={uses}", "nothing", swd, (text, site) =>
            site.Probe.Add(new ProbeFault(kind, Occurrence.Read(text), text.Number("for", uses, min: 1), site.Chance)));
}
