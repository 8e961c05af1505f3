using HilRig.Analysis.Rates;
using HilRig.Model.Runs;

namespace HilRig.Analysis.SignOff;

/// <summary>Whether boards differ and failures cluster, which makes a count of cycles too sure.</summary>
/// <param name="Sessions">Power sessions: cycles of one board between two times that its power was off.</param>
/// <param name="FailingSessions">Those with a failure.</param>
/// <param name="SessionBound">With the session as the unit: a session fails with less than this, and so does a cycle.</param>
/// <param name="SessionsP">Chance of failures clustering in sessions so much if cycles were alike; below 0.0005 the session is the unit to quote.</param>
/// <param name="BoardsP">The same of boards; below it a plan without <c>board-variation</c> claims too much.</param>
public sealed record SignOffSpread(long Sessions, long FailingSessions, double SessionBound, double SessionsP, double BoardsP)
{
    internal static SignOffSpread Of(SignOffPlan plan, IReadOnlyList<SignOffSample> counted)
    {
        var sessions = counted.GroupBy(sample => (sample.Place, sample.Session)).Select(Count).ToList();
        long failing = sessions.Count(session => session.Failures > 0);
        return new SignOffSpread(
            sessions.Count,
            failing,
            plan.BoundOf([.. counted.GroupBy(sample => sample.Place).Select(board => board.GroupBy(sample => sample.Session).Select(Count).ToList()).Select(board => new BoardCount(board.Count(session => session.Failures > 0), board.Count))]),
            Clustering.Of(sessions).P,
            Clustering.Of([.. counted.GroupBy(sample => sample.Place).Select(Count)]).P);
    }

    /// <summary>The same in words, with the bound to quote.</summary>
    public string Describe() =>
        $"{FailingSessions} of {Sessions} power sessions failed: with the session as the unit the bound is {SignOffFigures.Percent(SessionBound)}. "
        + $"Failures gather in sessions with p = {SessionsP:0.####}, on boards with p = {BoardsP:0.####}; "
        + (SessionsP <= Clustering.Significance ? "they cluster by session, so quote the session's bound." : BoardsP <= Clustering.Significance ? "boards differ, so quote the boards one by one." : "neither is beyond chance.");

    private static (int Trials, int Failures) Count<T>(IGrouping<T, SignOffSample> samples) => (samples.Count(), samples.Count(sample => sample.Verdict > Verdict.Pass));
}
