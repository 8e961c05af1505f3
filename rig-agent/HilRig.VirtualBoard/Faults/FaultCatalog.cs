namespace HilRig.VirtualBoard.Faults;

/// <summary>Every fault by its name.</summary>
public static class FaultCatalog
{
    public static IReadOnlyList<FaultKind> Kinds { get; } =
        [.. LineFaultKinds.All, .. CacheFaultKinds.All, .. FlashFaultKinds.All, .. SupplyFaultKinds.All, .. ProbeFaultKinds.All];

    /// <summary>Rows of facts/kboot.md §10 that need no fault: what to do instead.</summary>
    public static IReadOnlyList<(string Fact, string Deed, string Symptom)> HostDeeds { get; } =
    [
        ("F26", "install the release kboot-2.0.0-wide (--bootloader)", "10200 for every write and erase; unchanged"),
        ("F28", "send flash-erase-all-unsecure (0D)", "no answer, no ping afterwards; all FF, FSEC FE"),
        ("F30", "write an image linked for another address", "10200, or 0 and an application that never starts; as written"),
        ("F31", "none: the application CRC is not built on KV58", "property 08 is unknown"),
        ("F32", "send an SB file with a bad signature", "A3 on the first packet, 10101; unchanged"),
    ];

    /// <summary>Arms the faults of a list. Each has its own stream of chance, so one more does not move the others.</summary>
    public static void Attach(IReadOnlyList<string> texts, int seed, Func<Random, FaultSite> siteOf)
    {
        for (var index = 0; index < texts.Count; index++)
        {
            var text = FaultText.Parse(texts[index]);
            var kind = Kinds.FirstOrDefault(kind => kind.Name == text.Name)
                ?? throw new UsageException($"--fault {texts[index]}: no fault '{text.Name}'; ./rig board --list-faults shows them all");
            kind.Attach(text, siteOf(new Random(unchecked((seed * 31) + index + 17))));
            text.RejectUnknown();
        }
    }

    /// <summary>The table of <c>--list-faults</c>.</summary>
    public static IEnumerable<string> Describe()
    {
        foreach (var kind in Kinds)
        {
            yield return $"{kind.Name}{(kind.Parameters.Length > 0 ? $": {kind.Parameters}" : "")}   [{kind.Fact}]";
            yield return $"    host: {kind.Host}";
            yield return $"    SWD:  {kind.Swd}";
        }
        yield return "Without a fault:";
        foreach (var (fact, deed, symptom) in HostDeeds)
            yield return $"    {fact}: {deed} -> {symptom}";
    }
}
