namespace HilRig.Analysis.History;

/// <summary>Follows one board through one night and says, before each row, what came before it.</summary>
internal sealed class BoardTracker
{
    private string previousStep = "";
    private string previousStep2 = "";
    private string previousCycle = "";
    private int cycle = -1;
    private bool cycleFailed;
    private int updatesSincePower;
    private int erasesAll;
    private int erasesRegion;
    private int verifies;
    private int reconnects;
    private double poweredAt;
    private int session;

    /// <summary>True when a step of the present cycle has failed already: what follows is no trial.</summary>
    public bool CycleFailed(HistoryRow row) => row.Cycle == cycle && cycleFailed;

    /// <summary>The board's past before this row.</summary>
    public BoardPast Before(HistoryRow row)
    {
        if (row.Cycle != cycle)
        {
            previousCycle = cycle < 0 ? "" : cycleFailed ? "fail" : "pass";
            cycle = row.Cycle;
            cycleFailed = false;
        }
        return new BoardPast(previousStep, previousStep2, previousCycle, updatesSincePower, erasesAll, erasesRegion, verifies, reconnects, row.Time - poweredAt, poweredAt, session);
    }

    /// <summary>Takes the row into the past.</summary>
    public void Follow(HistoryRow row)
    {
        previousStep2 = previousStep;
        previousStep = row.Step;
        cycleFailed |= row.Failed && !row.IsRecovery;
        switch (row.Step)
        {
            case "update" when !row.Failed:
                updatesSincePower++;
                erasesAll = erasesRegion = verifies = 0;
                break;
            case "erase_all":
                erasesAll++;
                break;
            case "erase_region":
                erasesRegion++;
                break;
            case "verify":
                verifies++;
                break;
            case "reconnect":
                reconnects++;
                break;
            case "reset_bl" or "reset_swd":
                reconnects = 0;
                break;
            case "power_cycle":
                updatesSincePower = reconnects = 0;
                poweredAt = row.Time;
                session += row.IsRecovery ? 0 : 1;
                break;
        }
    }
}
