using NUnit.Framework;

namespace HilRig.Tests.Chaos;

/// <summary><c>./rig chaos</c> as its users start it: seconds of it in every test run, three minutes with HILRIG_FULL and, by HILRIG_CHAOS_MINUTES, in CI.</summary>
public class ChaosTests
{
    [Test]
    public async Task Nothing_is_lost_doubled_reordered_blamed_on_the_wrong_one_or_stuck()
    {
        var wanted = Environment.GetEnvironmentVariable("HILRIG_CHAOS_MINUTES");
        var (minutes, boards) = Extent.IsFull ? ("3", "3") : (wanted ?? "0.15", "2");
        var seed = Environment.GetEnvironmentVariable("HILRIG_SEED") ?? $"{Random.Shared.Next(1_000_000)}";
        TestContext.Progress.WriteLine($"chaos, {minutes} min, HILRIG_SEED={seed}");

        using var chaos = Child.Start("HilRig.Bench", "chaos", "--minutes", minutes, "--boards", boards, "--seed", seed);

        Assert.That(await chaos.ExitAsync(TimeSpan.FromMinutes(10)), Is.Zero, chaos.Output);
        Assert.That(chaos.Output, Does.Contain("| **0** | **0** | **0** | **0** | **0** |").And.Not.Contain("tells | 0 |"), "commands of the boards were compared");
    }
}
