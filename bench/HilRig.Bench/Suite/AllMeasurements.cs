namespace HilRig.Bench.Suite;

/// <summary>Everything that <c>./rig bench</c> measures. A new benchmark gets an entry here.</summary>
internal static class AllMeasurements
{
    private const string OfLimit = "its limit";

    public static IReadOnlyList<Measurement> List { get; } =
    [
        new("codec --rounds 5", "codec",
            new Figure("Crc16 against a plain table CRC, bytes a second", @"^Crc16, .*?(?<v>[\d.]+) × plain", "a table CRC of the same bytes", Target.AtLeast(1)),
            new Figure("whole packets read, against that", @"^PacketReader, .*?(?<v>[\d.]+) × plain", "a table CRC of the same bytes")),
        new("link --rounds 3", "link",
            new Figure("{n}, packets a second", @"^(?<n>(write|read)-memory, .*?) {2,}.*?(?<v>[\d.]+) of the bare loop", "a bare read/write loop"),
            new Figure("write-memory on the virtual board against its bytes replayed", @"^write-memory / replay.*?(?<v>[\d.]+)$", "the same bytes, replayed"),
            new Figure("bytes allocated a packet", @"^allocated by write-memory\s+(?<v>[\d.]+)", "none", Target.AtMost(0))),
        new("paced --kilobytes 32", "paced",
            new Figure("{n}", @"^(?<n>(write|read) +at +\d+ baud).*?(?<v>[\d.]+) of the limit", "the wire's own time", Target.AtLeast(0.97))),
        new("board --count 50 --seconds 5", "board",
            new Figure("many boards in one process against one, packets a second", @"together / one\s+(?<v>[\d.]+)", "one board"),
            new Figure("megabytes a board", @"(?<v>[\d.]+) MB a board", "–", Target.AtMost(20))),
        new("swd --rounds 3", "swd",
            new Figure("share of `savemem` that the virtual board takes, %", @"in the board: (?<v>[\d.]+) %", "pyOCD's whole time", Target.AtMost(20))),
        new("probe --kilobytes 64 --cycle-kilobytes 8 --operations 2000", "probe",
            new Figure("compare-views, times faster", @"^compare-views .*?(?<v>[\d.]+) times faster", "one-shot pyocd", Target.AtLeast(3)),
            new Figure("evidence, times faster", @"^evidence .*?(?<v>[\d.]+) times faster", "one-shot pyocd", Target.AtLeast(3)),
            new Figure("one word, times faster", @"^one word .*?(?<v>[\d.]+) times faster", "one-shot pyocd", Target.AtLeast(100)),
            new Figure("compare-views", @"compare-views takes (?<v>[\d.]+) times", "pyOCD's own transfers", Target.AtMost(1.3)),
            new Figure("evidence", @"evidence takes (?<v>[\d.]+) times", "all that it reads over SWD", Target.AtMost(1.3))),
        new("runner --cycles 40 --turns 3 --shell-cycles 3", "runner",
            new Figure("the agent takes more, %", @"the agent takes (?<v>[\d.]+) ?% more", "the bare protocol", Target.AtMost(10)),
            new Figure("the agent, times faster", @"the agent is (?<v>[\d.]+) times faster", "a shell loop, a process a command", Target.AtLeast(20))),
        new("farm --boards 8 --seconds 15", "farm",
            new Figure("cycles of a board among many, %", @"makes (?<v>[\d.]+) ?% of the cycles", "the same board alone", Target.AtLeast(80))),
        new("journal --cycles 100", "journal",
            new Figure("milliseconds of an event that waits for the disk, median", @"with a wait .*median (?<v>[\d.]+)", "–")),
        new("ingest --events 1000000 --agents 1 10", "ingest --events 1000000",
            new Figure("SQLite, {n} agents, events a second", @"^sqlite\s+(?<n>\d+) agents.*?(?<v>[\d.]+) of the limit", "a bulk insert of the same rows", Target.AtLeast(0.5))),
        new("ingest --postgres --events 1000000 --agents 1 10", "ingest --postgres --events 1000000",
            new Figure("PostgreSQL, {n} agents, events a second", @"^postgres\s+(?<n>\d+) agents.*?(?<v>[\d.]+) of the limit", "a bulk insert of the same rows", Target.AtLeast(0.5))),
        new("queries --steps 50000 200000 --times 30", "queries",
            new Figure("{n}: p95 at the larger history", @"^(?<n>(runs|run|failures|queue|flags|releases|page|api).*?) {2,}.*?(?<v>[\d.]+)$", "p95 at the smaller")),
        new("live --agents 20 --viewers 10 --seconds 10", "live",
            new Figure("many agents and viewers, p50 to the page", @"^ *\d+ agents.*p50 .*? = (?<v>[\d.]+) times", "one of each")),
        new("pages --steps 200000 --events 50000 --times 20 --loads 3", "pages",
            new Figure("{n}: p95 to the first byte", @"^(?<n>/|/night|/failures|/grid|/releases|/places) {2,}.*?(?<v>[\d.]+)$", "a page with an empty list"),
            new Figure("{n}, until it is drawn", @"^(?<n>grid|timeline)\b.*?(?<v>[\d.]+)$", "a page with an empty list"),
            new Figure("timeline, frames a second while it zooms", @"^the same while it zooms.*?(?<v>\d+)$", "–", Target.AtLeast(30))),
        new("judge --cycles 20000", "judge",
            new Figure("adding samples to the judge, time", @"^adding the samples.*?(?<v>[\d.]+) × reading", "reading the same events")),
        new("analysis --row 4 8 9 12", "analysis --full",
            new Figure("{n}", @"^\| \d+ \| (?<n>[^|]+)\|(?:[^|]*\|){2} \*\*(?<v>met|short)", OfLimit)),
        new("histories --draws 2", "histories --draws 40",
            new Figure("right reports of {n}, lower bound in %", @"^(?<n>clean|stale after an update|random 0\.5 %|bad hub) {2,}\d+/\d+ \[(?<v>[\d.]+)–", "drawn nights")),
        new("corpus --repeats 1 --fault early stuck", "corpus --repeats 25",
            new Figure("{n}: share of runs, upper bound in %", @"^\| (?<n>product called rig|rig called product) .*–(?<v>[\d.]+) %\]", "labelled faults")),
    ];
}
