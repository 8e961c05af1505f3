using HilRig.Agent;
using HilRig.Agent.Power;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Power;

/// <summary>The command template with real programs.</summary>
public class CommandSwitchTests
{
    private string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("hilrig-power-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public async Task The_word_for_the_state_goes_into_the_arguments_and_nothing_is_read_by_a_shell()
    {
        var told = Path.Combine(folder, "told");
        var command = new PowerCommand("/bin/cp", ["--", Write("state-1", "x"), "{state}"], told + "; on", told + " $(off)", []);
        var power = new CommandSwitch("p1", command);

        await power.SwitchAsync(PowerState.On, default);
        await power.SwitchAsync(PowerState.Off, default);

        Assert.That(Directory.GetFiles(folder).Select(Path.GetFileName), Is.EquivalentTo(new[] { "state-1", "told; on", "told $(off)" }));
        Assert.That(await power.MeasureVoltsAsync(default), Is.Null);
    }

    [Test]
    public async Task A_program_may_measure_the_volts()
    {
        var power = new CommandSwitch("p1", new PowerCommand("/bin/true", ["{state}"], "on", "off", ["/bin/echo", "3.29"]));

        Assert.That(await power.MeasureVoltsAsync(default), Is.EqualTo(3.29));
    }

    [Test]
    public void A_program_that_fails_or_prints_no_number_is_the_rigs_fault_and_named()
    {
        var failing = new CommandSwitch("p1", new PowerCommand("/bin/ls", ["{state}"], "/nowhere", "/nowhere", ["/bin/echo", "n/a"]));

        Assert.That(() => failing.SwitchAsync(PowerState.On, default), Throws.TypeOf<RigException>().With.Message.Contains("`/bin/ls /nowhere` ended with 2"));
        Assert.That(() => failing.MeasureVoltsAsync(default), Throws.TypeOf<RigException>().With.Message.Contains("`n/a`, expected a number of volts"));
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
