using System.Text.Json;
using HilRig.Agent.Probe;
using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.SystemTests;

/// <summary>The steps that stand on the probe, in runs of the agent on a virtual board, through the real pyOCD.</summary>
public class ProbeStepTests
{
    internal static readonly string Image = TestBoard.RepositoryFile("test-suites/images/app-6k.bin");

    /// <summary>Every step of the probe, from an erased part to a verified update.</summary>
    internal const string EveryStep = """
        sequence: every-step
        board: kv58
        steps:
          - snapshot: {start: 0x10000000, length: 0x6000}
          - mass-erase
          - install-release: {release: kboot-2.0.2-fixed.bin, connect: under-reset}
          - update
          - verify: {by: swd}
          - verify: {by: core}
          - compare-views
          - core-state: {expect: running}
          - read-margins
          - read-margins: {margin: factory, start: 0x10080000, length: 0x10000}
          - probe-reset: {by: pin}
          - probe-reset: {by: core, then: nothing}
          - ping
        """;

    [Test]
    public async Task A_release_is_installed_on_an_erased_part_and_works()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off");
        board.OfferReleases();

        var run = await board.RunAsync(EveryStep, "--image", Image);

        Assert.That(run.Exit, Is.Zero, run.Output);
        Assert.That(run.Evidence("install-release", EvidenceKinds.FlashConfiguration).Text, Does.Match("(?s)before .*FSEC 0xFE.*release .*FSEC 0xFE: unsecured.*after .*FSEC 0xFE: unsecured"));
        await using var probe = board.OpenProbe();
        Assert.That(await probe.ReadMemoryAsync(0x10000000, 0x4000, MemoryView.Array, default),
            Is.EqualTo(File.ReadAllBytes(TestBoard.RepositoryFile("test-suites/images/kboot-2.0.2-fixed.bin"))[..0x4000]));
    }

    [Test]
    public async Task A_release_that_would_secure_the_part_is_refused_before_cycle_1_unless_that_is_wanted()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off");
        var release = File.ReadAllBytes(TestBoard.RepositoryFile("test-suites/images/kboot-2.0.2-fixed.bin"));
        release[0x40C] = 0xFF;
        File.WriteAllBytes(Path.Combine(board.OfferReleases(), "locked.bin"), release);

        var refused = await board.RunAsync("sequence: s\nboard: kv58\nsteps: [install-release: {release: locked.bin}]");
        var wanted = await board.RunAsync("sequence: s\nboard: kv58\nsteps: [install-release: {release: locked.bin, securing: allow}]");

        Assert.That(refused.Exit, Is.EqualTo(2), refused.Output);
        Assert.That(refused.Output, Does.Contain("FSEC at 0x1000040C would be 0xFF and secure the part").And.Contain("securing: allow"));
        Assert.That(wanted.Exit, Is.Zero, "what was wanted was done: " + wanted.Output);
        await using var probe = board.OpenProbe();
        Assert.That((await probe.ReadMdmStatusAsync(default)).IsSecured, Is.True);
    }

    [TestCase("../places.yaml")]
    [TestCase("/etc/passwd")]
    [TestCase("--version")]
    [TestCase("missing.bin")]
    public async Task A_release_is_nothing_but_a_file_of_its_folder(string release)
    {
        using var board = await TestBoard.StartAsync("--dcache", "off");
        board.OfferReleases();

        var run = await board.RunAsync($"sequence: s\nboard: kv58\nsteps: [install-release: {{release: \"{release}\"}}]");

        Assert.That(run.Exit, Is.EqualTo(2), run.Output);
    }

    [Test]
    public async Task A_weak_cell_reads_right_and_fails_at_a_margin()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off", "--bootloader", TestBoard.RepositoryFile("test-suites/images/kboot-2.0.0-blind.bin"), "--fault", "weak-cells:p=1,operation=program");

        var run = await board.RunAsync("sequence: s\nboard: kv58\nsteps: [update, read-margins]", "--image", Image);

        Assert.That(run.Exit, Is.EqualTo(1), run.Output);
        Assert.That(run.Failures.Select(failure => failure.ToString()), Is.EqualTo(new[] { "read-margins · read-margins · user-margin" }));
    }

    [TestCase("pin", "probe-pin")]
    [TestCase("system", "probe")]
    [TestCase("core", "probe-core")]
    public async Task A_board_reset_by_its_probe_comes_back_in_the_bootloader_or_is_left_alone(string by, string condition)
    {
        using var board = await TestBoard.StartAsync("--dcache", "off");

        var run = await board.RunAsync($"sequence: s\nboard: kv58\nsteps: [probe-reset: {{by: {by}}}, ping, probe-reset: {{by: {by}, then: nothing}}, ping]");

        Assert.That(run.Exit, Is.Zero, run.Output);
        Assert.That(run.Steps.Where(step => step.Step == "ping").Select(step => step.Conditions[ConditionVocabulary.LastReset]), Has.All.EqualTo(condition));
    }

    [Test]
    public async Task A_stale_cache_is_called_by_its_name_with_the_core_s_own_loads_in_the_table()
    {
        using var board = await TestBoard.StartAsync("--dcache", "on", "--app", Image);

        var run = await board.RunAsync("sequence: s\nboard: kv58\nsteps: [compare-views: {start: 0x10000000, length: 0x100000}, erase-all, compare-views]", "--image", Image);

        Assert.That(run.Exit, Is.EqualTo(1), run.Output);
        Assert.That(run.Failures.Select(failure => failure.ToString()), Is.EqualTo(new[] { "compare-views · compare-views · core-sees-old-data" }));
        var views = JsonSerializer.Deserialize<MemoryViews>(run.Steps.Last(step => step.Step == "compare-views").Evidence.First(item => item.Kind == EvidenceKinds.Views).Text, RunJson.Options)!;
        Assert.That(views.Rows[0], Is.EqualTo(new MemoryViewRow(0x1000A000, Repeat("FF"), views.Rows[0].Bootloader, views.Rows[0].Core)).And.Property("Core").StartsWith("00 00 02 20"));
        Assert.That(run.Steps.First(step => step.Step == "compare-views").Measurements["bytes"], Is.EqualTo(1 << 20));
        Assert.That(run.Steps.Last().Failure?.Message ?? run.Steps.Last(step => step.Failure is not null).Failure!.Message, Does.Contain("D-cache on").And.Contain("CCSIDR"));

        static string Repeat(string value) => string.Join(' ', Enumerable.Repeat(value, 16));
    }

    [Test]
    public async Task A_core_that_is_not_as_expected_fails_the_board()
    {
        using var board = await TestBoard.StartAsync("--dcache", "off");

        var run = await board.RunAsync("sequence: s\nboard: kv58\nsteps: [core-state, core-state: {expect: locked-up}]");

        Assert.That(run.Exit, Is.EqualTo(1), run.Output);
        Assert.That(run.Failures.Select(failure => failure.ToString()), Is.EqualTo(new[] { "core-state · core-state · running" }));
        Assert.That(run.Evidence("core-state", EvidenceKinds.Registers).Text, Does.Contain("MDM-AP").And.Contain("CLIDR").And.Contain("pc "));
    }
}
