using NUnit.Framework;

namespace HilRig.Tests.SystemTests;

/// <summary>Releases tried in turns on one virtual board, by the operator's command.</summary>
public class CompareTests
{
    private const string OverAnApplication = "sequence: s\nboard: kv58\nsteps:\n  - erase-all\n  - reset: {by: probe}\n  - update\n  - reset: {by: probe}\n  - update\n";
    private static readonly string Image = TestBoard.RepositoryFile("test-suites/images/app-6k.bin");

    [Test]
    public async Task The_release_that_fails_over_an_application_is_found_to_fail_more_and_to_be_the_first()
    {
        using var board = await TestBoard.StartAsync();
        board.OfferReleases();
        var sequence = board.WriteSequence(OverAnApplication);

        var (exit, output) = await RunAsync(board, "compare", sequence, "--new", "kboot-2.0.0-cached.bin", "--old", "kboot-2.0.2-fixed.bin", "--turn", "5");
        Assert.That(exit, Is.EqualTo(1), output);
        // Five of each, or more where a busy machine spoils a cycle.
        Assert.That(output, Does.Match(@"([5-9]) of \1 kboot-2\.0\.0-cached\.bin, 0 of \d+ kboot-2\.0\.2-fixed\.bin: confirmed at 95 % that kboot-2\.0\.0-cached\.bin fails more"));

        (exit, output) = await RunAsync(board, "bisect", sequence, "--release", "kboot-2.0.0-stock.bin", "kboot-2.0.2-fixed.bin", "kboot-2.0.0-cached.bin", "--rate", "1");
        Assert.That(exit, Is.EqualTo(1), output);
        Assert.That(output, Does.Match("first bad release kboot-2.0.0-cached.bin: believed to \\d+(\\.\\d)? % after \\d cycles"));
    }

    [Test]
    public async Task A_release_that_is_not_there_and_a_budget_of_nothing_are_refused()
    {
        using var board = await TestBoard.StartAsync();
        var sequence = board.WriteSequence(OverAnApplication);
        var (exit, output) = await RunAsync(board, "compare", sequence, "--new", "a.bin", "--old", "b.bin", "--budget", "0");
        Assert.That((exit, output.Trim()), Is.EqualTo((2, "--budget must be 2 or more cycles")));
        (exit, output) = await RunAsync(board, "bisect", sequence, "--release", "a.bin", "a.bin");
        Assert.That((exit, output.Trim()), Is.EqualTo((2, "--release: give two or more, each once, the oldest first")));
    }

    private static async Task<(int Exit, string Output)> RunAsync(TestBoard board, string verb, string sequence, params string[] options)
    {
        using var command = Child.Start("hilrig", [verb, sequence, "--place", board.Place, "--places", board.PlacesFile, "--image", Image, .. options]);
        return (await command.ExitAsync(TimeSpan.FromMinutes(5)), command.Output);
    }
}
