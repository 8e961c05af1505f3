namespace HilRig.VirtualBoard.Faults;

/// <summary>Every fault by its name.</summary>
public static class FaultCatalog
{
    public static IReadOnlyList<FaultKind> Kinds { get; } =
        [.. LineFaultKinds.All, .. CacheFaultKinds.All, .. FlashFaultKinds.All, .. SupplyFaultKinds.All, .. ProbeFaultKinds.All];

    /// <summary>Rows of facts/kboot.md §10 that are no fault of the board: who brings them about, and how.</summary>
    public static IReadOnlyList<Deed> Deeds { get; } =
    [
        new("no-erase", "F7", "the host writes over what it did not erase", "10203, after a reset as well; read-memory agrees with SWD", "what was there before"),
        new("wide-reservation", "F26", "the release kboot-2.0.0-wide is installed (--bootloader)", "10200 on the first data packet, and for every erase", "unchanged"),
        new("erase-all-unsecure", "F28", "the host sends flash-erase-all-unsecure (0D)", "no answer, no ping afterwards, a reset does not help", "all FF, FSEC FE"),
        new("wrong-address", "F30", "the host writes an image where it was not linked for", "10200 inside the bootloader; elsewhere 0, and no application starts", "as written"),
        new("bad-signature", "F32", "the host sends an SB file without the signature STMP", "A3 on the first packet, 10101", "unchanged"),
    ];

    /// <summary>Arms the faults of a list. Each has its own stream of chance, so one more does not move the others.</summary>
    public static void Attach(IReadOnlyList<string> texts, int seed, Func<Random, FaultSite> siteOf)
    {
        for (var index = 0; index < texts.Count; index++)
        {
            var text = FaultText.Parse(texts[index]);
            if (Deeds.FirstOrDefault(deed => deed.Name == text.Name) is { } deed)
                throw new UsageException($"--fault {texts[index]}: is no fault of the board; it comes about when {deed.How}");
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
        yield return "No faults of the board, and not armed by --fault:";
        foreach (var deed in Deeds)
        {
            yield return $"{deed.Name}: {deed.How}   [{deed.Fact}]";
            yield return $"    host: {deed.Host}";
            yield return $"    SWD:  {deed.Swd}";
        }
    }
}
