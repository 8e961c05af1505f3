using HilRig.Model.Flags;
using HilRig.Model.Runs;

namespace HilRig.Dashboards.Pages;

/// <summary>One thing that was found.</summary>
/// <param name="Kind">What it is, in one word.</param>
public sealed record SearchHit(string Kind, string Name, string Href, string More);

/// <summary>Finds a text in names, fingerprints and digests of what is given. Exact names come before parts of names.</summary>
public static class SearchHits
{
    private const int MostOfAKind = 20;

    public static IReadOnlyList<SearchHit> Of(string text, IEnumerable<RunSummary> runs, IEnumerable<PlaceState> places, IEnumerable<ReleaseSummary> releases, IEnumerable<Flag> flags)
    {
        var all = runs.DistinctBy(run => run.RunId).ToList();
        IEnumerable<IEnumerable<SearchHit>> kinds =
        [
            places.Select(place => new SearchHit("Place", place.Name, $"/places/{place.Name}", $"{place.BoardType}, agent {place.Agent}")),
            releases.Select(release => new SearchHit("Release", release.Release, $"/releases/{Uri.EscapeDataString(release.Release)}", $"{release.Runs:N0} runs, {release.Cycles}")),
            flags.Select(flag => new SearchHit("Failure", $"{flag.Fingerprint}", $"/failures/{flag.Id}", $"{Words.Of(flag.Class)}, {flag.Sequence}, {flag.Release}; {flag.Fingerprint.Key}")),
            all.GroupBy(run => run.Started.Sequence).Select(group => new SearchHit("Sequence", group.Key, $"/runs/{group.First().RunId}", $"{Words.Count(group.Count(), "run", "runs")}, the newest {group.First().RunId}")),
            all.Select(run => new SearchHit("Run", run.RunId, $"/runs/{run.RunId}", $"{run.Started.Sequence} on {run.Started.Place}, {Words.Of(run.Verdict)}; {DigestsOf(run, text)}")),
        ];
        return [.. kinds.SelectMany(kind => kind.Where(hit => Matches(hit, text)).Take(MostOfAKind)).OrderByDescending(hit => hit.Name.Equals(text, StringComparison.OrdinalIgnoreCase))];
    }

    private static bool Matches(SearchHit hit, string text) =>
        hit.Name.Contains(text, StringComparison.OrdinalIgnoreCase) || hit.More.Contains(text, StringComparison.OrdinalIgnoreCase);

    /// <summary>The run's digest that was asked for; a run is not found by one that nobody sees.</summary>
    private static string DigestsOf(RunSummary run, string text) => string.Join(", ", new[]
    {
        ("sequence", run.Started.SequenceDigest), ("release", run.Started.ReleaseDigest), ("image", run.Started.ImageDigest), ("board", run.Started.BoardId),
    }.Where(digest => digest.Item2.Contains(text, StringComparison.OrdinalIgnoreCase)).Select(digest => $"{digest.Item1} {digest.Item2}"));
}
