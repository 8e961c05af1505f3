namespace HilRig.VirtualBoard.Faults;

/// <summary>The faults of one board, sorted by what they touch.</summary>
/// <param name="ToDevice">On the wire from the host.</param>
/// <param name="ToHost">On the wire to the host.</param>
public sealed record FaultSet(IReadOnlyList<ILineFault> ToDevice, IReadOnlyList<ILineFault> ToHost);

/// <summary>Every fault by its name.</summary>
public static class FaultCatalog
{
    /// <summary>Builds the faults of a list. Each has its own stream of chance, so one more does not move the others.</summary>
    public static FaultSet Create(IReadOnlyList<string> texts, int seed)
    {
        var toDevice = new List<ILineFault>();
        var toHost = new List<ILineFault>();
        for (var index = 0; index < texts.Count; index++)
        {
            var text = FaultText.Parse(texts[index]);
            if (!Enum.TryParse<LineFaultKind>(text.Name, ignoreCase: true, out var kind) || !Enum.IsDefined(kind))
                throw new UsageException($"--fault {texts[index]}: no fault '{text.Name}'; known are {string.Join(", ", Enum.GetNames<LineFaultKind>().Select(name => name.ToLowerInvariant()))}");
            var direction = text.Word("direction", "both", "in", "out");
            var occurrence = Occurrence.Read(text);
            var pause = text.Milliseconds("ms", kind == LineFaultKind.Split ? 30 : 5);
            text.RejectUnknown();
            if (direction != "out")
                toDevice.Add(new LineFault(kind, occurrence, pause, new Random(HashCode(seed, index, 0))));
            if (direction != "in")
                toHost.Add(new LineFault(kind, occurrence, pause, new Random(HashCode(seed, index, 1))));
        }
        return new FaultSet(toDevice, toHost);
    }

    /// <summary>Stable across processes, unlike <see cref="System.HashCode"/>.</summary>
    private static int HashCode(int seed, int index, int direction) => unchecked((((seed * 31) + index) * 31) + direction + 17);
}
