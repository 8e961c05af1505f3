using NUnit.Framework;

namespace HilRig.Tests.Launcher;

/// <summary>When <c>./rig</c> builds.</summary>
[CancelAfter(30_000)]
[Platform("Linux")]
public class LauncherBuildTests
{
    private Checkout checkout = null!;

    [SetUp]
    public void CheckOut() => checkout = new Checkout();

    [TearDown]
    public void CleanUp() => checkout.Dispose();

    [Test]
    public async Task Sources_that_did_not_change_are_built_once()
    {
        await checkout.Rig("board");
        var second = await checkout.Rig("agent");
        Assert.That(checkout.Builds, Is.EqualTo(1));
        Assert.That(second.StandardError, Is.Empty);
    }

    [Test]
    public async Task A_source_added_changed_or_removed_is_built_again()
    {
        await checkout.Rig("board");
        var added = checkout.Write("rig-agent/Probe.cs", "class Probe;");
        await checkout.Rig("board");
        Assert.That(checkout.Builds, Is.EqualTo(2), "added");
        File.SetLastWriteTimeUtc(added, File.GetLastWriteTimeUtc(added).AddSeconds(2));
        await checkout.Rig("board");
        Assert.That(checkout.Builds, Is.EqualTo(3), "changed");
        File.Delete(added);
        await checkout.Rig("board");
        Assert.That(checkout.Builds, Is.EqualTo(4), "removed");
    }

    [Test]
    public async Task What_a_build_or_a_run_leaves_behind_is_no_source()
    {
        await checkout.Rig("board");
        checkout.Write("rig-agent/obj/Generated.cs", "class Generated;");
        checkout.Write("artifacts/demo/places.yaml", "places: []");
        await checkout.Rig("board");
        Assert.That(checkout.Builds, Is.EqualTo(1));
    }

    [Test]
    public async Task A_build_that_fails_shows_its_errors_and_starts_nothing()
    {
        checkout.Answer("build", "Board.cs(1,1): error CS1003: expected\nBoard.cs(1,1): error CS1003: expected\nBuild FAILED.\n", 1);
        var result = await checkout.Rig("board");
        Assert.Multiple(() =>
        {
            Assert.That(result.ExitCode, Is.EqualTo(3));
            Assert.That(result.StandardOutput, Is.Empty);
            Assert.That(result.StandardError.Split('\n'), Has.Exactly(1).Contains("error CS1003").And.Exactly(1).Contains("rig: the build failed; the whole log is "));
            Assert.That(checkout.Calls, Has.Count.EqualTo(1));
        });

        checkout.Answer("build", "", 0);
        await checkout.Rig("board");
        Assert.That(checkout.Builds, Is.EqualTo(2));
    }

    [Test]
    public async Task Two_at_once_build_once(CancellationToken timeout)
    {
        // The build waits on a pipe until the second launcher is there as well.
        var pipe = checkout.MakeWait("build");
        var first = checkout.Rig("board");
        Assert.That(() => checkout.Builds, Is.EqualTo(1).After(10_000, 10));
        var second = checkout.Rig("board");
        Assert.That(() => checkout.SdkQuestions, Is.EqualTo(2).After(10_000, 10));
        await using (var writer = new StreamWriter(pipe))
            await writer.WriteLineAsync("go".AsMemory(), timeout);
        Assert.That(((await first).ExitCode, (await second).ExitCode, checkout.Builds), Is.EqualTo((0, 0, 1)));
    }
}
