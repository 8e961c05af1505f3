using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Steps;
using HilRig.Kboot;
using HilRig.Model;
using HilRig.Model.Sequences;
using HilRig.Tests.Agent.Places;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Steps;

public class StepBinderTests
{
    [Test]
    public void Arguments_reach_their_step_in_its_types()
    {
        Assert.That(Bind("erase-region: {start: 0x1000A000, length: 8192}"), Is.EqualTo(new EraseRegionStep(0x1000A000, 8192)));
        Assert.That(Bind("wait: {for: 20ms}"), Is.EqualTo(new WaitStep(TimeSpan.FromMilliseconds(20))));
        Assert.That(Bind("reset: {by: bootloader}"), Is.EqualTo(new ResetStep(ResetKind.Bootloader)));
        Assert.That(Bind("read-property: {property: bootloader-version}"), Is.EqualTo(new ReadPropertyStep(PropertyTag.BootloaderVersion)));
    }

    [TestCase("udpate", "unknown step `udpate`; did you mean `update`?")]
    [TestCase("reset: {bye: power}", "`reset` has no argument `bye`; did you mean `by`?")]
    [TestCase("reset: {by: magic}", "`by` of `reset` cannot be `magic`; known: bootloader, power, probe")]
    [TestCase("reset", "`reset` needs `by`, one of bootloader, probe, probe-pin, probe-core, power")]
    [TestCase("wait: {for: 20}", "`for` of `wait` cannot be `20`; expected a time with its unit")]
    [TestCase("erase-region: {start: 0xZZ}", "expected a number such as 8192 or 0x2000")]
    [TestCase("write-memory: {start: 0, data: ABC}", "`data` of `write-memory` cannot be `ABC`; expected bytes in hex such as `DE AD BE EF`")]
    [TestCase("receive-sb-file: {file: none.sb}", "`file` of `receive-sb-file` cannot be `none.sb`; expected the path of a file that exists, relative to the sequence")]
    [TestCase("erase-all-unsecure", "`erase-all-unsecure` needs `bootloader`, one of erased")]
    public void A_mistake_names_line_and_remedy(string step, string expected) =>
        Assert.That(() => Bind(step), Throws.TypeOf<BadInputException>().With.Message.StartsWith("s.yaml:4:").And.Message.Contains(expected));

    [Test]
    public void Steps_in_branches_that_are_never_drawn_are_checked_too()
    {
        var sequence = SequenceFile.Parse("s.yaml", "sequence: s\nboard: kv58\nsteps:\n  - choose:\n    - ping\n    - [pong]\n");

        Assert.That(() => StepBinder.BindAll(Variants.Of(sequence), SamplePlace.WithPower, RunImages.None), Throws.TypeOf<BadInputException>().With.Message.Contains("s.yaml:6:8: unknown step `pong`"));
    }

    [Test]
    public void A_power_reset_is_refused_on_a_place_without_a_supply()
    {
        var sequence = SequenceFile.Parse("s.yaml", "sequence: s\nboard: kv58\nsteps:\n  - reset: {by: power}\n");

        Assert.That(() => StepBinder.BindAll(Variants.Of(sequence), SamplePlace.WithoutPower, RunImages.None), Throws.TypeOf<BadInputException>().With.Message.Contains("has no `power:`"));
    }

    [TestCase("read-memory: {start: 0}", "it needs `length`, or the `data` that must be there")]
    [TestCase("read-memory: {start: 0, length: 3, data: AABB}", "`length` is 3, and `data` has 2 bytes")]
    [TestCase("read-once: {index: 0, data: AABB}", "whole words, at most 8 bytes")]
    [TestCase("program-once: {index: 0, data: AABB}", "it takes whole words")]
    [TestCase("set-baud: {to: 0}", "a rate in bits a second")]
    [TestCase("gap: {between: 11s}", "a pause is at most 10 s")]
    public void Arguments_that_cannot_be_meant_are_refused_before_cycle_1(string step, string expected)
    {
        var sequence = SequenceFile.Parse("s.yaml", $"sequence: s\nboard: kv58\nsteps:\n  - {step}\n");

        Assert.That(() => StepBinder.BindAll(Variants.Of(sequence), SamplePlace.WithPower, RunImages.None), Throws.TypeOf<BadInputException>().With.Message.Contains(expected));
    }

    [Test]
    public void A_sequence_of_a_servers_may_name_no_file_of_the_agents()
    {
        var sequence = SequenceFile.Parse("s.yaml", "sequence: s\nboard: kv58\nparameters: {what: {default: /etc/passwd}}\nsteps:\n  - ping\n  - repeat: {times: 2, steps: [receive-sb-file: {file: $what}]}\n");

        Assert.That(() => StepBinder.RefuseFiles(Variants.Of(sequence)), Throws.TypeOf<BadInputException>().With.Message.Contains("s.yaml:6:").And.Message.Contains("a server's order has no files beside it"));
    }

    [Test]
    public void An_update_without_an_image_is_refused()
    {
        var sequence = SequenceFile.Parse("s.yaml", "sequence: s\nboard: kv58\nsteps:\n  - update\n");

        Assert.That(() => StepBinder.BindAll(Variants.Of(sequence), SamplePlace.WithPower, RunImages.None), Throws.TypeOf<BadInputException>().With.Message.Contains("needs an image"));
    }

    [Test]
    public void A_sequence_for_another_board_is_refused()
    {
        var sequence = SequenceFile.Parse("s.yaml", "sequence: s\nboard: kl27\nsteps: [ping]\n");

        Assert.That(() => StepBinder.BindAll(Variants.Of(sequence), SamplePlace.WithPower, RunImages.None), Throws.TypeOf<BadInputException>().With.Message.Contains("for board `kl27`"));
    }

    private static IStep Bind(string step)
    {
        var sequence = SequenceFile.Parse("s.yaml", $"sequence: s\nboard: kv58\nsteps:\n  - {step}\n");
        return StepBinder.Bind((StepCall)sequence.Steps[0]).Step;
    }
}
