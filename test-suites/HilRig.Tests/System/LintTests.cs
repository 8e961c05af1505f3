using NUnit.Framework;

namespace HilRig.Tests.SystemTests;

/// <summary><c>agent lint</c> and <c>agent run --dry-run</c>: what can be said of a sequence without a board.</summary>
public class LintTests
{
    private string folder = "";

    [SetUp]
    public void CreateFolder() => folder = Directory.CreateTempSubdirectory("hilrig-lint-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public async Task The_shipped_sequences_have_no_mistakes()
    {
        var (exit, output) = await AgentAsync("lint", TestBoard.RepositoryFile("test-suites/sequences"));

        Assert.That((exit, output), Is.EqualTo((0, output)));
        Assert.That(output, Does.Match("^[0-9]+ sequences, no mistakes$"));
    }

    [Test]
    public async Task Every_mistake_of_every_file_is_named_with_its_line_and_what_may_be_meant()
    {
        var one = Write("one.yaml", "sequence: one\nboard: kv58\nparameters: {pause: {default: 5s, unit: time}}\nsteps:\n  - udpate\n  - repeat: {times: many, steps: [ping]}\n  - reset: {bye: power}\n  - erase-region: {length: $pause}\n");
        var two = Write("two.yaml", "sequence: two\nboard: kl27\nimage: {size: 40, address: 0x10000000}\nsteps:\n  - expect: {status: kStatus_Fial, step: ping}\n");

        var (exit, output) = await AgentAsync("lint", folder);

        Assert.That(exit, Is.EqualTo(2));
        Assert.That(output.Split('\n'), Is.EqualTo(new[]
        {
            $"{one}:6:21: `times` must be a whole number from 1 to 10000, not `many`",
            $"{one}:5:5: unknown step `udpate`; did you mean `update`?",
            $"{one}:7:13: `reset` has no argument `bye`; did you mean `by`?",
            $"{one}:8:20: `length` of `erase-region` cannot be `5s` (the value of `$pause`); expected a number such as 8192 or 0x2000",
            $"{two}:1:1: unknown board type `kl27`; known: kv58",
            $"{two}:5:22: `kStatus_Fial` is no status; did you mean `kStatus_Fail`?",
            "6 mistakes in 2 sequences",
        }));
    }

    [Test]
    public async Task A_dry_run_prints_the_steps_of_a_cycle_with_its_seed_and_values()
    {
        var file = Write("s.yaml", """
            sequence: s
            board: kv58
            image: {size: 1025, seed: 7, address: $address}
            parameters:
              address: {default: 0x1000A000, unit: address}
            matrix:
              over: {address: [0x1000A000, 0x1000C000]}
            setup:
              - reset: {by: power}
            steps:
              - shuffle: [ping, erase-all]
              - until: {status: 10203, at-most: 5, steps: [update]}
              - expect: {status: 10200, step: {erase-region: {start: 0x10000000, length: 32}}}
            on-failure: [ping]
            """);

        var (exit, output) = await AgentAsync("run", file, "--dry-run", "--cycle", "2", "--seed", "4");

        Assert.That(exit, Is.Zero, output);
        Assert.That(output.Split('\n'), Is.EqualTo(new[]
        {
            "s: cycle 2 of 2, seed 4, address=0x1000C000, image made-1025-7 (1025 bytes at 0x1000C000)",
            "setup:",
            "    1  reset by=power",
            "steps:",
            "    1  ping",
            "    2  erase-all",
            "    3  update  (until status=10203 at-most=5)",
            "    4  erase-region start=0x10000000 length=32 expect=10200",
            "on-failure:",
            "    1  ping",
        }));
        Assert.That((await AgentAsync("run", file, "--dry-run", "--cycle", "2", "--seed", "4")).Output, Is.EqualTo(output));
        Assert.That((await AgentAsync("run", file, "--dry-run", "--set", "address=0x1000F000", "--seed", "4")).Output, Does.StartWith("s: cycle 1 of 1, seed 4, address=0x1000F000"));
        Assert.That((await AgentAsync("run", file, "--dry-run", "--set", "adress=0")).Output, Does.Contain("no parameter `adress`; did you mean `address`?"));
    }

    private static async Task<(int Exit, string Output)> AgentAsync(params string[] arguments)
    {
        using var agent = Child.Start("hilrig-agent", arguments);
        return (await agent.ExitAsync(), agent.Output.TrimEnd());
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
