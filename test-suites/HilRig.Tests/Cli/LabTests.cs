using System.CommandLine;
using System.Text.Json;
using HilRig.Cli;
using HilRig.Agent.Steps;
using HilRig.Model;
using HilRig.Model.Rig;
using HilRig.Model.Sequences;
using HilRig.Server.Security;
using HilRig.Tests.Server;
using HilRig.Tests.Server.Security;
using HilRig.Tests.SystemTests;
using NUnit.Framework;

namespace HilRig.Tests.Cli;

/// <summary>The operator's command as a process against a real server.</summary>
public sealed class LabTests
{
    private LabHome lab = null!;

    private TestServer Server => lab.Server;

    [SetUp]
    public async Task Start() => lab = await LabHome.StartAsync();

    [TearDown]
    public async Task Stop() => await lab.DisposeAsync();

    [Test]
    public async Task A_run_is_watched_to_its_end_and_its_verdict_is_the_exit_code()
    {
        await using var agent = await TestAgent.ArriveAsync(Server, ["kv58-1"]);
        var sequence = lab.PathOf("ping.yaml");
        await File.WriteAllTextAsync(sequence, "sequence: ping\nboard: kv58\nsteps:\n  - ping\n");
        using var watching = lab.Start("run", sequence, "--place", "kv58-1", "--watch");
        var order = await agent.NextOrderAsync();
        await agent.AppendAsync(new RunScript(order.RunId).Cycle(RunScript.CumulativeWrite).Cycle().Cycle().End().Batch(order.Epoch));

        Assert.That(await watching.ExitAsync(), Is.EqualTo(ExitCode.Fail), watching.Output);

        Assert.That(watching.Output, Does.Contain("3 of 3 cycles, 1 failed").And.Contain($"{order.RunId} Fail: all cycles done"));
        Assert.That(await lab.SayAsync(ExitCode.Pass, "runs"), Does.Contain(order.RunId).And.Contain("fail"));
        Assert.That(await lab.SayAsync(ExitCode.Pass, "places"), Does.Contain("kv58-1").And.Contain("idle"));
        Assert.That(await lab.SayAsync(ExitCode.Pass, "flags"), Does.Contain("10203 kStatusMemoryCumulativeWrite, 1 of 3"));
        Assert.That(await lab.SayAsync(ExitCode.Pass, "export", order.RunId, "--format", "csv"), Does.Contain("10203").And.Contain("update"));
        Assert.That(await lab.SayAsync(ExitCode.Pass, "export", order.RunId, "--output", lab.PathOf("run.xml")), Does.Contain("characters"));
        Assert.That(await File.ReadAllTextAsync(lab.PathOf("run.xml")), Does.Contain("<testsuites"));
        Assert.That(await lab.SayAsync(ExitCode.BadInput, "export", order.RunId, "--format", "pdf"), Does.Contain("pdf").And.Contain("junit"));
        Assert.That(await lab.SayAsync(ExitCode.Pass, "audit", "--limit", "1"), Does.Contain("order run").And.Contain("they begin after --cursor"));
        Assert.That(await lab.SayAsync(ExitCode.Pass, "investigations"), Does.Contain("--auto-investigate"));
        using var json = JsonDocument.Parse(await lab.SayAsync(ExitCode.Pass, "runs", "--json"));
        Assert.That(json.RootElement[0].GetProperty("runId").GetString(), Is.EqualTo(order.RunId));
    }

    [Test]
    public async Task What_a_sequence_includes_its_image_and_other_values_of_its_parameters_go_with_the_order()
    {
        await using var agent = await TestAgent.ArriveAsync(Server, ["kv58-1"]);
        await File.WriteAllTextAsync(lab.PathOf("part.yaml"), "sequence: part\nboard: kv58\nparameters: {pause: {default: 1ms, unit: time}}\nsteps: [wait: {for: $pause}]\n");
        await File.WriteAllBytesAsync(lab.PathOf("app.bin"), [1, 2, 3, 4]);
        var sequence = lab.PathOf("whole.yaml");
        await File.WriteAllTextAsync(sequence, """
            sequence: whole
            board: kv58
            image: {file: app.bin, address: $address}
            parameters:
              address: {default: 0x1000A000, unit: address}
              pause: {default: 5ms, unit: time}
            steps:
              - include: {file: part.yaml, set: {pause: $pause}}
              - update
            """);

        Assert.That(await lab.SayAsync(ExitCode.BadInput, "run", sequence, "--place", "kv58-1", "--set", "paus=7ms"), Does.Contain("no parameter `paus`").And.Contain("`pause`"));
        await lab.SayAsync(ExitCode.Pass, "run", sequence, "--place", "kv58-1", "--set", "pause=7ms", "--set", "address=0x1000C000");

        var order = await agent.NextOrderAsync();
        var sent = Variants.Of(SequenceFile.Parse(order.SequenceName, order.Sequence));
        Assert.That(sent.Usual.Steps.OfType<StepCall>().Select(call => $"{call.Name} {StepBinder.Words(call.Arguments)}".TrimEnd()), Is.EqualTo(new[] { "wait for=7ms", "update" }));
        Assert.That((sent.Usual.Image!.Address!.Value, order.ImageName), Is.EqualTo(("0x1000C000", "app.bin")));
    }

    [Test]
    public async Task A_run_is_steered_by_its_id()
    {
        await using var agent = await TestAgent.ArriveAsync(Server, ["kv58-1"]);
        var sequence = lab.PathOf("ping.yaml");
        await File.WriteAllTextAsync(sequence, "sequence: ping\nboard: kv58\nsteps:\n  - ping\n");
        await lab.SayAsync(ExitCode.Pass, "run", sequence, "--place", "kv58-1");
        var run = (await agent.NextOrderAsync()).RunId;

        Assert.That(await lab.SayAsync(ExitCode.Pass, "steer", run, "pause"), Does.Contain($"{run} was told: pause"));
        Assert.That(await lab.SayAsync(ExitCode.Pass, "steer", run, "stop"), Does.Contain("stop"));
        Assert.That(await lab.SayAsync(ExitCode.BadInput, "steer", run, "halt"), Does.Contain("halt"));
        Assert.That(await lab.SayAsync(ExitCode.BadInput, "steer", "r-none", "skip"), Does.Contain("ordered no run r-none"));
        Assert.That((await agent.NextSteeringAsync(), await agent.NextStopAsync()), Is.EqualTo(((run, RunSteering.Pause), run)));
    }

    [Test]
    public async Task An_admin_signs_in_adds_people_and_invites_agents()
    {
        await Server.AddPersonAsync("ann", Role.Admin);
        var password = lab.PathOf("password");
        await File.WriteAllTextAsync(password, Accounts.Password + "\n");
        Assert.That(await lab.SayAsync(ExitCode.BadInput, "runs"), Does.Contain("run `login`"));

        Assert.That(await lab.SayAsync(ExitCode.Pass, "login", Server.Url.ToString(), "--name", "ann", "--password-file", password), Does.Contain("takes you for ann, admin"));

        Assert.That(await lab.SayAsync(ExitCode.Pass, "people", "add", "bob", "--role", "viewer", "--password-file", password), Does.Contain("bob may sign in as viewer"));
        Assert.That(await lab.SayAsync(ExitCode.Pass, "people", "list"), Does.Contain("ann").And.Contain("bob"));
        Assert.That(await lab.SayAsync(ExitCode.Pass, "agents", "invite", "bench-1"), Does.Contain("./rig agent enrol"));
        Assert.That(await lab.SayAsync(ExitCode.BadInput, "people", "add", "bob", "--role", "emperor", "--password-file", password), Does.Contain("role"));
        if (!OperatingSystem.IsWindows())
            Assert.That(File.GetUnixFileMode(lab.PathOf("server.json")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public async Task A_server_that_is_not_there_is_the_rigs_failure_in_one_line()
    {
        using var child = Child.Start("hilrig", lab.Environment, ["places", "--server", "http://127.0.0.1:1"]);
        Assert.That(await child.ExitAsync(), Is.EqualTo(ExitCode.RigError));
        Assert.That(child.Output, Does.Contain("cannot be reached").And.Not.Contain("   at "));
    }

    [Test]
    public async Task Bash_completes_verbs_and_options()
    {
        var script = lab.PathOf("completion");
        await File.WriteAllTextAsync(script, await lab.SayAsync(ExitCode.Pass, "completion"));
        var complete = $"source {script}; COMP_WORDS=(rig \"$@\"); COMP_CWORD=$#; _hilrig; echo ${{COMPREPLY[@]}}";

        Assert.That(Bash(complete, "pla"), Is.EqualTo("places"));
        Assert.That(Bash(complete, "run", "--wa"), Is.EqualTo("--watch"));
        Assert.That(Bash(complete, "people", "re"), Is.EqualTo("remove"));
        Assert.That(Bash(complete, "campaigns", "order", "x.yaml", "--cyc"), Is.EqualTo("--cycles-per-run"));
        foreach (var command in CommandsOf(HilRigCommand.Create()))
        {
            var words = command.Subcommands.Select(inner => inner.Name).Concat(command.Options.Select(option => option.Name));
            Assert.That(Bash(complete, [.. ExampleHelp.PathOf(command).Split(' ', StringSplitOptions.RemoveEmptyEntries), ""]).Split(' '), Is.SupersetOf(words), command.Name);
        }
    }

    private static IEnumerable<Command> CommandsOf(Command command) => command.Subcommands.SelectMany(CommandsOf).Prepend(command);

    private static string Bash(string script, params string[] words)
    {
        using var bash = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("bash", ["-c", script, "bash", .. words]) { RedirectStandardOutput = true })!;
        return bash.StandardOutput.ReadToEnd().Trim();
    }
}
