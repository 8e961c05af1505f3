using System.Globalization;
using System.Net;
using System.Text;
using HilRig.Analysis.Flags;
using HilRig.Model.Runs;

namespace HilRig.Analysis.SignOff;

/// <summary>The dossier as a page to read and print; needs nothing outside itself.</summary>
internal static class DossierPage
{
    public static string Of(Dossier dossier, SignOffFigures figures)
    {
        var (plan, samples) = (dossier.Plan, dossier.Samples);
        var events = dossier.ReadEvents().ToList();
        var judge = new FlagJudge();
        foreach (var sample in SampleReader.From(events))
            judge.Add(sample);
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $$"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>Sign-off of {{Text(plan.Release)}}</title>
            <style>body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}
            table{border-collapse:collapse;margin:1rem 0}td,th{border:1px solid #999;padding:.2rem .6rem;text-align:left;vertical-align:top}
            td.n{text-align:right;font-variant-numeric:tabular-nums}@media print{body{margin:0}tr{break-inside:avoid} }</style></head><body>
            <h1>Sign-off of {{Text(plan.Release)}}: {{Text(figures.State.ToString().ToLowerInvariant())}}</h1>
            <p>{{Text(figures.Describe(plan))}}</p>

            """);
        Table("The plan, fixed before the first sample", ["field", "value"],
        [
            ["limit", SignOffFigures.Percent(plan.Limit)], ["confidence", SignOffFigures.Percent(plan.Confidence)], ["rule", plan.Rule.ToString().ToLowerInvariant()], ["allowed failures", $"{plan.AllowedFailures}"],
            ["cycles needed", $"{figures.Needed}"], ["most voided", SignOffFigures.Percent(plan.MostVoided)], ["places", string.Join(", ", plan.Places)],
            ["mix", string.Join(", ", plan.Mix.Select(part => $"{part.Key} ≥ {SignOffFigures.Percent(part.Value)}"))], ["digest", plan.Digest],
            ["unit", plan.Unit.ToString().ToLowerInvariant()], ["board variation allowed for", $"{plan.BoardVariation:0.##}"], ["control release", plan.Golden ?? "none"], ["exposure", plan.Exposure.ToString().ToLowerInvariant()],
        ]);
        Table("Rules by which cycles do not count, fixed with the plan", ["rule", "what it leaves out"], [.. plan.Voiding.Select(rule => (string[])[rule, VoidingRules.All[rule]])]);
        Table("What was run", ["run", "place", "board", "agent", "agent's software", "sequence", "sequence digest", "release digest", "image digest"],
            [.. events.Where(one => one.Body is RunStarted).Select(one => (one.RunId, Started: (RunStarted)one.Body)).Select(run => (string[])
                [run.RunId, run.Started.Place, run.Started.BoardId, run.Started.Agent, AgentSoftware.DigestOf(run.Started.Versions), run.Started.Sequence, run.Started.SequenceDigest, run.Started.ReleaseDigest, run.Started.ImageDigest])]);
        Table("Agents", ["agent", "software", "versions"],
            [.. figures.Agents.Select(agent => (string[])[agent.Agent, agent.Digest, string.Join(", ", agent.Versions.Select(version => $"{version.Key} {version.Value}"))])]);
        Table("Boards", ["place", "cycles", "failures", "bound of this board alone"],
            [.. figures.Boards.Select(board => (string[])[board.Place, $"{board.Cycles}", $"{board.Failures}", SignOffFigures.Percent(board.Bound)])]);
        page.Append(CultureInfo.InvariantCulture, $"<p>{Text(figures.BadBoardsBelow is { } share ? $"With {plan.Places.Count} boards clean, up to {SignOffFigures.Percent(share)} of all boards may still be bad; more cycles cannot change that, more boards can." : "Boards are few: a claim over cycles says nothing of boards that were not there.")}</p>\n");
        page.Append(CultureInfo.InvariantCulture, $"<p>{Text(figures.Spread.Describe())}</p>\n");
        Table("Control release", ["release", "cycles", "failures", "voided", "parity of exclusions, p"],
            figures.Golden is { } golden ? [[golden.Release, $"{golden.Cycles}", $"{golden.Failures}", $"{golden.Voided}", $"{golden.ParityP:0.###}"]] : []);
        var needed = Exposure.Needed(plan);
        Table($"Exposure: pairs of steps without a reset between, and values, met fewer than {needed} times (of {figures.Exposure.Count})", ["condition", "times"],
            [.. figures.Exposure.Where(one => one.Trials < needed).Select(one => (string[])[one.Condition, $"{one.Trials}"])]);
        Table("Failures that count", ["run", "cycle", "at", "place", "sequence", "verdict"],
            [.. samples.Where(sample => sample is { Voided: null, Verdict: > Verdict.Pass, IsGolden: false }).Select(Row)]);
        Table("Voided, by a rule that stood before the run", ["run", "cycle", "at", "place", "sequence", "verdict", "rule"],
            [.. samples.Where(sample => sample.Voided is not null).Select(sample => (string[])[.. Row(sample), sample.Voided!])]);
        Table("Flags", ["class", "fingerprint", "rate", "rule"],
            [.. judge.Judge().Select(flag => (string[])[flag.Class.ToString(), $"{flag.Fingerprint}", $"{flag.Rate}", flag.Rule])]);
        return page.Append("</body></html>\n").ToString();

        void Table(string title, string[] heads, IReadOnlyList<string[]> rows)
        {
            page.Append(CultureInfo.InvariantCulture, $"<h2>{Text(title)}</h2>\n");
            if (rows.Count == 0)
            {
                page.Append("<p>none</p>\n");
                return;
            }
            page.Append("<table><tr>").AppendJoin("", heads.Select(head => $"<th>{Text(head)}</th>")).Append("</tr>\n");
            foreach (var row in rows)
                page.Append("<tr>").AppendJoin("", row.Select(cell => $"<td>{Text(cell)}</td>")).Append("</tr>\n");
            page.Append("</table>\n");
        }
    }

    private static string[] Row(SignOffSample sample) =>
        [sample.RunId, $"{sample.Cycle}", sample.At.ToString("u", CultureInfo.InvariantCulture), sample.Place, sample.Sequence, sample.Verdict.ToString().ToLowerInvariant()];

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
