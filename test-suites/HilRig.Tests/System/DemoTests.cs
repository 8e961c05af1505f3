using NUnit.Framework;

namespace HilRig.Tests.SystemTests;

/// <summary>The demo finds what is there, and says so when it is not.</summary>
public class DemoTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Each seed is a whole demo of some 20 s.</summary>
    private static int[] Seeds { get; } = Extent.IsFull ? [11, 12, 13, 14, 15] : [14];

    [Test]
    public async Task The_demo_finds_the_stale_cache_its_trigger_and_the_evidence_in_under_three_minutes()
    {
        var (exit, output) = await RunAsync();

        Assert.That(exit, Is.Zero, output);
        Assert.That(output, Does.Contain("10203 kStatusMemoryCumulativeWrite").And.Not.Contain("NOT FOUND"));
    }

    [Test]
    public async Task Without_a_cache_there_is_nothing_to_find_and_the_demo_says_so()
    {
        var (exit, output) = await RunAsync("--dcache-board", "none", "--cycles", "12");

        Assert.That(exit, Is.EqualTo(1), output);
        Assert.That(output, Does.Contain("[NOT FOUND] 10203 is flagged on kv58-1"));
        Assert.That(output, Does.Contain("[found] nothing is held against the product on kv58-2").And.Contain("[found] nothing is held against the product on kv58-3"));
        Assert.That(output, Does.Not.Contain("10203 kStatusMemoryCumulativeWrite"));
    }

    [TestCaseSource(nameof(Seeds))]
    public async Task The_flag_moves_with_the_cache(int seed)
    {
        var (exit, output) = await RunAsync("--dcache-board", "2", "--seed", $"{seed}", "--cycles", "30");

        Assert.That(exit, Is.Zero, output);
        Assert.That(output, Does.Contain("[found] 10203 is flagged on kv58-2").And.Contain("[found] nothing is held against the product on kv58-1"));
    }

    private static async Task<(int Exit, string Output)> RunAsync(params string[] options)
    {
        using var demo = Child.Start("hilrig", ["demo", "--exit", "--port", $"{TestBoard.FreePort()}", .. options]);
        var exit = await demo.ExitAsync(Limit);
        TestContext.Out.WriteLine(demo.Output);
        return (exit, demo.Output);
    }
}
