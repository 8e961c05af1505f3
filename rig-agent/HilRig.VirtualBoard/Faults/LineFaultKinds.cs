namespace HilRig.VirtualBoard.Faults;

/// <summary>Faults of the wire.</summary>
internal static class LineFaultKinds
{
    private const string Which = "direction=both|in|out, p=0.001, index=N";

    public static IEnumerable<FaultKind> All =>
    [
        Struck("drop", LineFaultKind.Drop, 0, "F15 F16 F19", Which,
            "in: a packet is dropped without a word, or A3 and status 5 in a data phase; out: an ACK or response is missing, 10004", "whatever was programmed until then"),
        Struck("flip", LineFaultKind.Flip, 0, "F17 F18 F21", Which,
            "in: NAK, and a resend helps (p=0.2: NAK upon NAK); out: a response with a wrong CRC", "unchanged"),
        Struck("delay", LineFaultKind.Delay, 5, "-", Which + ", ms=5", "slower, nothing lost", "unchanged"),
        Struck("split", LineFaultKind.Split, 30, "F20", Which + ", ms=30",
            "a pause inside a packet: dropped without a word, or A3 and status 5 in a data phase", "part of the data"),
        Struck("duplicate", LineFaultKind.Duplicate, 0, "-", Which, "a byte too many: NAK or a dropped packet", "unchanged"),
        new("line-cut", "F8 F14", "direction=in, index=0, ms=2000", "the host seems to die at a byte: in a data phase the next session gets a ping answer, then an unsolicited A3 and 10003", "the part that was flushed", LineCut.Attach),
        new("flush", "F33", "p=0.001, index=N", "a driver drops one of the host's own writes, such as its ACK: the next command is swallowed, 10004", "unchanged", LostWrite.Attach),
        new("deaf", "F12", "ms=6000", "pings after a reset go unheard and the 5 s window passes", "the application runs", Deaf.Attach),
    ];

    private static FaultKind Struck(string name, LineFaultKind kind, double milliseconds, string fact, string parameters, string host, string swd) =>
        new(name, fact, parameters, host, swd, (text, site) =>
        {
            var direction = text.Word("direction", "both", "in", "out");
            var occurrence = Occurrence.Read(text);
            var pause = text.Milliseconds("ms", milliseconds);
            if (direction != "out")
                site.ToDevice.Add(new LineFault(kind, occurrence, pause, new Random(site.Chance.Next())));
            if (direction != "in")
                site.ToHost.Add(new LineFault(kind, occurrence, pause, new Random(site.Chance.Next())));
        });

    /// <summary>From one byte on, the wire is dead for a while.</summary>
    private sealed class LineCut(BoardClock clock, long index, TimeSpan duration) : ILineFault
    {
        private long position;
        private long end;

        public static void Attach(FaultText text, FaultSite site)
        {
            var direction = text.Word("direction", "in", "out");
            var cut = new LineCut(site.Chip.Clock, text.Number("index", 0), text.Milliseconds("ms", 2000));
            (direction == "in" ? site.ToDevice : site.ToHost).Add(cut);
        }

        public void Pass(LineByte came, List<LineByte> to)
        {
            if (position++ == index)
                end = clock.After(duration);
            if (clock.Now >= end)
                to.Add(came);
        }
    }

    /// <summary>The host's driver empties its own send buffer: one write is lost as a whole, as TCOFLUSH on a pseudo-terminal loses it.</summary>
    private sealed class LostWrite(Occurrence occurrence, Random chance) : ILineFault
    {
        private long position = -1;
        private bool isLost;

        public static void Attach(FaultText text, FaultSite site) => site.ToDevice.Add(new LostWrite(Occurrence.Read(text), site.Chance));

        public void BeginWrite()
        {
            position++;
            isLost = occurrence.Strikes(position, chance.NextDouble());
        }

        public void Pass(LineByte came, List<LineByte> to)
        {
            if (!isLost)
                to.Add(came);
        }
    }

    /// <summary>The host's bytes are lost for a while after each start of the chip.</summary>
    private sealed class Deaf(BoardClock clock) : ILineFault
    {
        private long end;

        public static void Attach(FaultText text, FaultSite site)
        {
            var duration = text.Milliseconds("ms", 6000);
            var deaf = new Deaf(site.Chip.Clock);
            site.Chip.Restarted += _ => deaf.end = site.Chip.Clock.After(duration);
            site.ToDevice.Add(deaf);
        }

        public void Pass(LineByte came, List<LineByte> to)
        {
            if (clock.Now >= end)
                to.Add(came);
        }
    }
}
