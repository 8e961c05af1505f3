using NUnit.Framework;

namespace HilRig.Tests.Launcher;

/// <summary><c>./rig test</c>: many test programs, one last line.</summary>
[CancelAfter(30_000)]
[Platform("Linux")]
public class TestCommandTests
{
    private Checkout checkout = null!;

    [SetUp]
    public void CheckOut() => checkout = new Checkout();

    [TearDown]
    public void CleanUp() => checkout.Dispose();

    [Test]
    public async Task The_last_line_sums_all_projects()
    {
        checkout.TestProject("One", passed: 40, skipped: 2);
        checkout.TestProject("Two", passed: 3);
        var result = await checkout.Rig("test");
        Assert.That((result.ExitCode, LastLine(result.StandardOutput)), Is.EqualTo((0, "43 passed, 0 failed, 2 skipped")));
    }

    [Test]
    public async Task A_failed_test_fails_the_command_and_stops_no_other_project()
    {
        checkout.TestProject("One", passed: 4, failed: 1);
        checkout.TestProject("Two", passed: 3);
        var result = await checkout.Rig("test");
        Assert.That((result.ExitCode, LastLine(result.StandardOutput)), Is.EqualTo((1, "7 passed, 1 failed, 0 skipped")));
    }

    [Test]
    public async Task A_test_program_that_dies_counts_as_a_failure()
    {
        checkout.TestProject("One", passed: 4);
        checkout.Answer("One", "Out of memory.\n", 134);
        checkout.TestProject("Two", passed: 3);
        var result = await checkout.Rig("test");
        Assert.That((result.ExitCode, LastLine(result.StandardOutput)), Is.EqualTo((1, "3 passed, 1 failed, 0 skipped")));
        Assert.That(result.StandardError, Does.Contain("rig: One ended with exit code 134 without naming a failed test"));
    }

    [Test]
    public async Task A_test_program_that_hangs_is_ended_where_a_limit_is_set()
    {
        checkout.TestProject("One", passed: 4);
        checkout.Answer("One", "test 5 runs\n", 0);
        checkout.MakeWait("One");
        checkout.TestProject("Two", passed: 3);
        checkout.Environment["HILRIG_TEST_LIMIT"] = "0.5s";
        var result = await checkout.Rig("test");
        Assert.That((result.ExitCode, LastLine(result.StandardOutput)), Is.EqualTo((1, "3 passed, 1 failed, 0 skipped")));
        Assert.That(result.StandardError, Does.Contain("rig: One was ended after 0.5s"));
    }

    [Test]
    public async Task What_a_test_prints_is_no_count()
    {
        checkout.TestProject("One", passed: 4, before: "Test run summary: of a program under test\n  failed: 99\n  succeeded: 99\n");
        var result = await checkout.Rig("test");
        Assert.That((result.ExitCode, LastLine(result.StandardOutput)), Is.EqualTo((0, "4 passed, 0 failed, 0 skipped")));
    }

    [Test]
    public async Task A_filter_may_miss_some_projects_but_not_all()
    {
        checkout.TestProject("One", passed: 0);
        checkout.TestProject("Two", passed: 1);
        Assert.That((await checkout.Rig("test", "Cache")).ExitCode, Is.Zero);

        checkout.TestProject("Two", passed: 0);
        var result = await checkout.Rig("test", "Cahce");
        Assert.That((result.ExitCode, LastLine(result.StandardOutput)), Is.EqualTo((2, "0 passed, 0 failed, 0 skipped")));
        Assert.That(result.StandardError, Does.Contain("rig: no test ran: FullyQualifiedName~Cahce matches none"));
    }

    [TestCase("Cache", "--filter FullyQualifiedName~Cache")]
    [TestCase("TestCategory!=Slow", "--filter TestCategory!=Slow")]
    public async Task A_word_is_a_part_of_a_name_and_an_expression_stays(string filter, string expected)
    {
        checkout.TestProject("One", passed: 1);
        await checkout.Rig("test", filter);
        Assert.That(checkout.Calls[^1], Does.EndWith(expected));
    }

    [TestCase("--full", "1")]
    [TestCase("One", "")]
    public async Task Full_size_is_asked_for_by_the_environment(string argument, string expected)
    {
        checkout.TestProject("One", passed: 1);
        await checkout.Rig("test", argument);
        Assert.That(checkout.Calls[^1].Split('|')[1], Is.EqualTo(expected));
    }

    private static string LastLine(string output) => output.TrimEnd('\n').Split('\n')[^1];
}
