using HilRig.Analysis.History;

namespace HilRig.Bench.Histories;

/// <summary>One board through one night: picks sequences, executes their steps, fails where a fault or the rig says so.</summary>
internal sealed class BoardRun(NightPlan plan, Disturbances disturbances, Random random, int night, int number)
{
    private static readonly string[][] Sequences =
    [
        ["connect", "update", "verify", "reset_bl"],
        ["connect", "erase_all", "update", "verify", "reset_swd"],
        ["connect", "erase_region", "update", "verify", "reset_bl"],
        ["connect", "update", "reset_bl", "connect", "update", "verify"],
        ["connect", "update", "update", "verify", "power_cycle"],
        ["connect", "update", "erase_all", "update", "verify", "reset_bl"],
        ["power_cycle", "connect", "update", "verify"],
        ["connect", "update", "reset_swd", "connect", "verify"],
        ["connect", "erase_all", "reset_bl", "connect", "update", "verify"],
        ["connect", "update", "verify", "reconnect", "update", "verify", "power_cycle"],
        ["reset_swd", "connect", "erase_region", "update", "verify"],
        ["connect", "verify", "power_cycle", "connect", "update", "verify", "reset_swd"],
    ];

    private static readonly int[] Doubles = [4, 5, 9];
    private static readonly int[] Singles = [0, 1, 2, 7, 11];
    private static readonly int[] Sizes = [64, 128, 256, 480];
    private static readonly string[] Images = [.. Sizes.Select((_, number) => $"I{number}")];
    private static readonly int[] Bauds = [57600, 115200, 460800];
    private static readonly string[] BaudTexts = [.. Bauds.Select(baud => $"{baud}")];

    private readonly string board = $"b{number:00}";
    private readonly string agent = $"a{1 + (number - 1) * plan.Agents / plan.Boards}";
    private readonly double end = plan.Hours * 3600 * (number == 1 ? plan.FirstBoardStops : 1);
    private double clock = random.NextDouble() * 10;
    private double resetAt;
    private string lastReset = "power_cycle";
    private string onChip = "";
    private int updates;
    private int cyclesSincePower;
    private bool erasedRegion;
    private double luck = random.NextDouble();

    public IEnumerable<HistoryRow> Rows()
    {
        for (var cycle = 1; clock < end; cycle++)
        {
            var sequence = PickSequence();
            var name = $"S{sequence + 1:00}";
            var release = plan.Release(night, random.NextDouble());
            var baud = random.Next(Bauds.Length);
            var image = random.Next(Sizes.Length);
            foreach (var (index, step) in (plan.Sequences?[sequence] ?? Sequences[sequence]).Index())
            {
                image = step == "update" ? random.Next(Sizes.Length) : image;
                var row = Execute(cycle, name, release, index, step, baud, image);
                yield return row;
                clock += Duration(step, image);
                if (row.Failed)
                {
                    yield return Recover(row);
                    break;
                }
                Follow(step, Images[image]);
            }
            cyclesSincePower++;
        }
    }

    private int PickSequence()
    {
        if (plan.ShareOfDoubleUpdates is not { } share)
            return random.Next(plan.Sequences?.Count ?? Sequences.Length);
        var pool = random.NextDouble() < share ? Doubles : Singles;
        return pool[random.Next(pool.Length)];
    }

    private HistoryRow Execute(int cycle, string sequence, string release, int index, string step, int baud, int image)
    {
        var writes = step is "update" or "verify";
        var same = step == "update" && onChip == Images[image];
        var situation = new Situation(
            release, agent, board, number, step, writes ? Sizes[image] : 0, Bauds[baud], updates, cyclesSincePower, lastReset, same, erasedRegion, luck, clock / (plan.Hours * 3600));
        var (code, witnessed) = disturbances.Strike(random, agent, clock) ?? (Fail(situation), false);
        return new HistoryRow(
            night, release, agent, board, cycle, sequence, index, step, false, Math.Round(clock, 1), writes ? Images[image] : "", writes ? Sizes[image] : 0, BaudTexts[baud],
            updates, Math.Floor(clock - resetAt), cyclesSincePower, lastReset, same ? "1" : "0", code, code is not null && witnessed);
    }

    private string? Fail(Situation situation)
    {
        foreach (var fault in plan.Faults)
        {
            if (fault.Step == situation.Step && random.NextDouble() < fault.Chance(situation))
                return fault.Code;
        }
        return random.NextDouble() < plan.Noise ? "10101" : null;
    }

    private HistoryRow Recover(HistoryRow failed)
    {
        var row = failed with
        {
            StepIndex = 99, Step = "power_cycle", IsRecovery = true, Time = Math.Round(clock, 1), Image = "", Size = 0, SameImage = "0", Fingerprint = null, Witnessed = false,
            SecondsSinceReset = Math.Floor(clock - resetAt), UpdatesSinceReset = updates,
        };
        clock += Duration("power_cycle", 0);
        Reset("power_cycle");
        return row;
    }

    private void Follow(string step, string image)
    {
        switch (step)
        {
            case "update":
                updates++;
                onChip = image;
                erasedRegion = false;
                break;
            case "erase_all":
                onChip = "";
                break;
            case "erase_region":
                onChip = "";
                erasedRegion = true;
                break;
            case "reset_bl" or "reset_swd" or "power_cycle":
                Reset(step);
                if (step == "power_cycle")
                    luck = random.NextDouble();
                break;
        }
    }

    private void Reset(string kind)
    {
        lastReset = kind;
        resetAt = clock;
        updates = 0;
        if (kind == "power_cycle")
            cyclesSincePower = 0;
    }

    private double Duration(string step, int image) => (0.7 + 0.6 * random.NextDouble()) * step switch
    {
        "update" => 6 + Sizes[image] / 40.0,
        "verify" => 4 + Sizes[image] / 60.0,
        "erase_all" => 4,
        "power_cycle" => 3,
        _ => 2,
    };
}
