using System.Text.Json;

namespace HilRig.Dashboards.Figures;

/// <summary>A figure in two sentences for somebody who has to defend it: what it is, and what it does not say.</summary>
/// <param name="Text">Exactly two sentences.</param>
public sealed record Explanation(Figure Figure, string Term, string Text)
{
    /// <summary>Its anchor on the page, <c>worst-bound</c>.</summary>
    public string Id => IdOf(Figure);

    public static string IdOf(Figure figure) => JsonNamingPolicy.KebabCaseLower.ConvertName(figure.ToString());

    /// <summary>Every kind of figure, grouped as a reader meets them.</summary>
    public static IReadOnlyList<(string Title, IReadOnlyList<Explanation> Entries)> All { get; } =
    [
        ("Counts and rates",
        [
            new(Figure.Rate, "k/n → p % [low–high]",
                "Of n trials that count k failed, which is p per cent of them. The brackets hold the true rate in 95 of 100 cases, on average over rates (Wilson's interval): 0 of 30 is not 0 %, it is below 11 %; what is promised or decided stands on exact bounds instead (Clopper and Pearson)."),
            new(Figure.FailedCycles, "Failed cycles",
                "A cycle that counts has failed when the board failed in it, or when nobody can say whose failure it was: leaving such cycles out would be the cheapest way to a good figure. Void cycles are in neither k nor n, and neither repetitions of a failed cycle nor candidates for a reproducer enter the rate of a night or a release."),
            new(Figure.Void, "Void",
                "Cycles that are left out of every rate and bound by a rule that stood before the run: the rig's own error, a person's stop, in a campaign also a cycle that was cut short and a board that ran other bytes. They are counted with their reason beside the rate, never taken for passes."),
            new(Figure.RecentCycles, "Cycles of the last hours",
                "All cycles of those runs that go on or had their last event within the hours named. “Not passed” counts every verdict but Pass, the rig's errors and stopped cycles too, so that it is a hint where to look and no rate of the product."),
            new(Figure.Marginal, "Marginal",
                "Steps that passed, but not at once: a packet was sent again, a ping repeated, odd bytes skipped. Each is counted, and no verdict gets better by a second try; a growing share is a warning before anything fails."),
            new(Figure.GridCell, "k/n of a grid's cell",
                "Of the n cycles that finished in the cell, k ended in Fail; those that nobody can attribute, stopped ones and the rig's are not in k, but in n, and have a sign of their own. It is made to find patterns by eye: for a rate to quote take the release or the night."),
            new(Figure.Nights, "Night by night",
                "For each night (noon to noon, UTC) in which this revision of the sequence ran on the release: how often the step failed so, over the cycles that ran, with its interval. A night with few cycles can show a high share by chance, which its interval says."),
            new(Figure.Folded, "Folded events",
                "Where a stretch of a run has more events than can be drawn, neighbours are put into one group, which stands under the worst verdict in it. So no failure is averaged away, and a closer look shows the single events."),
        ]),
        ("Failures",
        [
            new(Figure.FlagClass, "The class of a failure",
                "What is claimed: consistent (nearly always: 90 % seen, more than half at 95 % confidence), conditional (a supported trigger says when), intermittent (at times, and none does), one board only, the rig's, recovered, or merely observed or too little data, which claim nothing. A product is accused from the second incident on, and only when chance alone would show as many so early less often than the budget for false flags allows: 0.5 % for any in a night."),
            new(Figure.Rule, "Incidents, and the floor",
                "An incident is one failure, or several of one run within two minutes and four cycles, which may have one cause. The floor is what a sound product is granted (2 incidents in 100,000 trials that end in an answer, 1 in 10,000 that end in silence); the rule fires when a product at that floor would show so many incidents so early too seldom for the budget."),
            new(Figure.New, "New",
                "On a failure's page: the release before had none of it, in so many trials that a failure at the lower end of today's rate is excluded there at 95 %. On a night's page: its first failure of all fell into that night."),
            new(Figure.Change, "Change of a rate (drift)",
                "The moment, or the release, from which on two rates explain the failures better than one; odds of 10,000 to 1 are asked for, and the moment lies in the stretch named with 99 %. Between releases the nights differ as well as the bytes: ./rig compare runs both in turns and tells the two apart."),
            new(Figure.TriggerTable, "While it held, and otherwise",
                "The trials are split by the condition, and each half has its own failures, trials and interval. Trials that failed in another way are left out of both, since they speak neither for nor against."),
            new(Figure.Coverage, "Covers k of n failures",
                "Of all n failures k came while the condition held (its necessity): all of them means that nothing failed without it. How surely it fails while it holds (its sufficiency) is the rate beside it: 100 % means that nothing passed with it."),
            new(Figure.Bits, "Bits of evidence",
                "How much likelier two rates are than one, in doublings of the odds, less what the search among all conditions costs: 10 bits are about 1,000 to 1. From 7 on a trigger is called supported, and conditions within 3.3 bits (10 to 1) of each other share a rank, as this data cannot tell them apart."),
            new(Figure.FisherP, "Fisher p",
                "The chance of so many failures or more while the condition held, if it had nothing to do with them (Fisher's exact test, one-sided). It does not pay for the search among many conditions, so that it decides nothing here: the bits do."),
            new(Figure.ByBoard, "By board",
                "The same split made on each board by itself, and the chance of such a surplus if the condition did nothing on any of them (the stratified test of Cochran, Mantel and Haenszel). So a bad board that meets the condition often cannot pass for a trigger."),
            new(Figure.Blame, "Whose it is",
                "The sequence was run again where it failed and, as far as there are such places, on another board, on the release before and on a virtual board; each count is of cycles that failed in this way, over those that did or passed. Another board that fails too makes it the product's; release before and virtual board failing as well the sequence's; another board with enough clean cycles to exclude the failure at 95 % the rig's; anything else stays undetermined."),
            new(Figure.Reproducer, "Fails k of n, without its steps k of n",
                "Fresh cycles of the shortest sequence that was found, and among them, drawn by chance cycle by cycle, some without the steps that it is said to need. From an e-value of 20 on those steps are confirmed at 95 %, however often somebody looked."),
            new(Figure.Tried, "Candidates tried",
                "Each candidate keeps some of the steps before the failing one; the count is of its cycles that failed in this way, over those that did or passed. They were made to fail, so they count for no flag and no release."),
            new(Figure.DifferingBytes, "Bytes that differ",
                "The same flash as up to three witnesses read it: the array by SWD, the core through its cache, the bootloader's read-memory. A byte differs where two of those that were read disagree; a view that was not read takes no part."),
        ]),
        ("Goals and sign-off",
        [
            new(Figure.Goal, "Done of needed",
                "So many countable cycles were fixed before the first one: with no more failures than allowed they exclude the limit at the confidence named; 2,995 without a failure show “below 0.1 %” at 95 %. Void cycles do not count towards them, so that a goal can be farther away than its runs suggest."),
            new(Figure.CampaignBound, "At most, at 95 %",
                "From the failed and the countable cycles so far: the failure probability of a cycle lies below this figure at the goal's confidence (Clopper and Pearson, one-sided). It becomes the claim when the number of cycles that was fixed beforehand is reached, not at the moment at which it looks best."),
            new(Figure.Forecast, "Done at this pace",
                "What is left at the mean pace of the campaign's runs so far, over the boards that work on it now, in its hours. It is no promise: it knows nothing of failures, of boards that come or go, and of other orders."),
            new(Figure.SignOffBound, "The bound of a sign-off",
                "At the plan's confidence the failure probability of a cycle lies below it, in this mix of sequences and on boards of this kind. Plan and rule were fixed before the first cycle: a fixed number of cycles is cheapest, the rule anytime may be watched all the time for a tenth more."),
            new(Figure.WorstBound, "With all void cycles against the product",
                "The same bound as if every void cycle had been the product's failure. Whoever doubts that the rig was to blame can quote this one."),
            new(Figure.BoardBound, "This board alone",
                "The bound from this board's cycles only, at the plan's confidence. Few cycles a board make it weaker than the bound of all, which does not mean that the board is worse."),
            new(Figure.Spread, "Boards and power sessions",
                "The chance that failures gather so much on single boards, or between two times that the power was off, if all cycles were alike. At 0.0005 or below they do not come one by one: the bound to quote is then the session's, or the boards' one by one."),
        ]),
        ("Comparisons, boards and the rig",
        [
            new(Figure.Difference, "B less A",
                "The difference of the two rates in percentage points with its 95 % interval (Miettinen and Nurminen's), Fisher's p (two-sided) and the bits for two rates over one. It is called shown from 7 bits (128 to 1) on; for releases that ran at other times, hour and board weigh on it as well."),
            new(Figure.Medians, "Median of passes",
                "The middle of the durations of those steps that passed, with their number in brackets. Steps that failed are left out: a timeout would say how long somebody waited, not how long the step takes."),
            new(Figure.LostTime, "Lost to the rig",
                "From a run's end that the rig caused until the next run on that place, and for cycles that the rig spoiled the run's mean length of a cycle each. Where nothing ran there since and no trouble is known of the place, nobody knows whether it was wanted, and the time is unknown."),
            new(Figure.Wear, "Wear",
                "How often a step that erases flash (an update, an erase, an installation) ended on this board in its newest runs, setup and recoveries among them, beside the cycles. It counts steps and not sectors, so that it is a measure to compare boards by and no life span."),
        ]),
    ];
}
