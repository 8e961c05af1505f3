using HilRig.Bench.Targets;
using HilRig.Model.Runs;

namespace HilRig.Bench.Corpus;

/// <summary>True layer against the layer that the run says.</summary>
public sealed class ConfusionMatrix(IReadOnlyList<TrialResult> all)
{
    private readonly List<TrialResult> results = [.. all.Where(result => !result.IsVoid)];

    private static readonly Layer[] True = [Layer.Product, Layer.Rig, Layer.Sequence];
    private static readonly Layer[] Said = [.. True, Layer.Undetermined];

    /// <summary>The matrix and the rates that the project is held to, in Markdown.</summary>
    public IEnumerable<string> Lines()
    {
        yield return "| caused in | faults | runs | said product | said rig | said sequence | undetermined | nothing failed |";
        yield return "|---|---|---|---|---|---|---|---|";
        foreach (var truth in True)
        {
            var row = results.Where(result => result.Truth == truth).ToList();
            var judged = row.Count(result => result.IsJudged);
            yield return $"| {Word(truth)} | {row.Select(result => result.Fault).Distinct().Count()} | {judged} | {string.Join(" | ", Said.Select(said => row.Count(result => result.Said == said)))} | {row.Count - judged} |";
        }
        yield return "";
        yield return "| | limit | k/n and its 95 % interval |";
        yield return "|---|---|---|";
        yield return Rate("product called rig", "0.5 %", [Layer.Product], [Layer.Rig]);
        yield return Rate("rig called product", "0.5 %", [Layer.Rig], [Layer.Product]);
        yield return Rate("sequence called product or rig", "–", [Layer.Sequence], [Layer.Product, Layer.Rig]);
        yield return Rate("product or rig called sequence", "–", [Layer.Product, Layer.Rig], [Layer.Sequence]);
        yield return $"| undetermined | 5 % | {Figures.Share(results.Count(result => result.Said == Layer.Undetermined), results.Count(result => result.IsJudged))} |";
        if (all.Count > results.Count)
            yield return $"\n{all.Count - results.Count} further runs are void: the machine was starved, or the bench itself broke.";
        yield return "";
        foreach (var line in Unlike())
            yield return line;
    }

    /// <summary>Faults whose runs did not all say the truth, with one run's own words.</summary>
    private IEnumerable<string> Unlike()
    {
        var faults = results.GroupBy(result => (result.Truth, result.Fault)).Where(fault => fault.Any(result => result.IsJudged && result.Said != result.Truth)).ToList();
        if (faults.Count == 0)
            yield break;
        yield return "| faults of which not all runs said the truth | caused in | said | a draw that did not |";
        yield return "|---|---|---|---|";
        foreach (var fault in faults.OrderBy(fault => fault.Key.Truth))
        {
            var said = fault.Where(result => result.IsJudged).GroupBy(result => result.Said).OrderBy(group => group.Key).Select(group => $"{Word(group.Key)} {group.Count()}");
            yield return $"| {fault.Key.Fault} | {Word(fault.Key.Truth)} | {string.Join(", ", said)} | {fault.First(result => result.IsJudged && result.Said != result.Truth).Draw} |";
        }
    }

    private string Rate(string words, string limit, Layer[] truth, Layer[] said)
    {
        var judged = results.Where(result => result.IsJudged && truth.Contains(result.Truth)).ToList();
        return $"| {words} | {limit} | {Figures.Share(judged.Count(result => said.Contains(result.Said)), judged.Count)} |";
    }

    private static string Word(Layer layer) => layer.ToString().ToLowerInvariant();
}
