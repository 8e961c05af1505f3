using HilRig.Analysis.Reproducers;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;
using NUnit.Framework;

namespace HilRig.Tests.Analysis.Reproducers;

/// <summary>Values and repetitions that are made simpler once the needed steps are known, on boards that a test decides about.</summary>
public class SimplificationTests
{
    private static readonly Fingerprint Busy = new("update", "write-memory", "10203", "");

    [Test]
    public void An_image_is_made_as_small_and_a_pause_as_short_as_still_fails([Values(1.0, 0.3)] double rate, [Values(1, 2, 3)] int seed)
    {
        var failing = Failing([new("gap", "between=40ms inside=8ms"), new("set-baud", "to=460800")], new CycleImage("app-6k.bin", 6144));
        var found = Run(failing, 0b11, rate, seed, sequence => Size(sequence) >= 1000 && Milliseconds(sequence, "between") >= 10 && Number(sequence, "to") >= 230400);
        Assert.That((Size(found), Milliseconds(found, "between"), Milliseconds(found, "inside"), Number(found, "to")), Is.EqualTo((1536, 10.0, 1.0, 230400)));
    }

    [Test]
    public void Only_as_many_repetitions_stay_as_it_needs([Values(1.0, 0.5)] double rate, [Values(1, 2)] int seed)
    {
        var failing = Failing([new("reset", "by=probe"), .. Enumerable.Repeat(new ExecutedStep("update", ""), 12), new("verify", "by=swd")], null);
        var found = Run(failing, 0b11_1111_1111_1111, rate, seed, sequence => sequence.Steps.OfType<StepCall>().Count(step => step.Name == "update") - 1 >= 3);
        Assert.That(found.Steps.OfType<StepCall>().Count(step => step.Name == "update") - 1, Is.EqualTo(3));
    }

    [Test]
    public void What_a_step_refuses_is_not_taken()
    {
        var failing = Failing([new("erase-region", "start=0x1000A000 length=0x4000")], null);
        var simplification = new Simplification(failing, new Candidate(1), 0.8, 0);
        while (simplification.Next() is { } candidate)
        {
            var sequence = Parse(failing, candidate);
            var (runs, length) = (Number(sequence, "length") % 8192 == 0 ? 2 : 0, Number(sequence, "length"));
            simplification.Record(candidate, runs == 0 ? 0 : 2, runs);
            Assert.That(length, Is.Not.Zero);
        }
        Assert.That(Number(Parse(failing, simplification.Simplest), "length"), Is.EqualTo(8192));
    }

    [Test]
    public void A_made_image_is_made_again_and_a_file_is_left_to_whoever_runs_it()
    {
        Assert.That(Size(Parse(Failing([], new CycleImage("made-1025-7", null)), new Candidate(0))), Is.EqualTo(1025));
        Assert.That(Parse(Failing([], new CycleImage("app-6k.bin", 6144)), new Candidate(0)).Image, Is.Null);
    }

    [TestCase("1f")]
    [TestCase("0-3.2-11.1")]
    public void A_candidate_is_read_back_from_its_name(string name) => Assert.That(Candidate.Parse(name)!.ToString(), Is.EqualTo(name));

    [TestCase("")]
    [TestCase("zz")]
    [TestCase("1-2")]
    public void What_names_no_candidate_is_none(string name) => Assert.That(Candidate.Parse(name), Is.Null);

    [TestCase("start=0x100 expect=10004", "expect: {status: 10004, step: {erase-region: {start: 0x100}}}")]
    [TestCase("", "erase-region")]
    [TestCase("by=is it on? then=go", "erase-region: {by: \"is it on?\", then: go}")]
    public void A_step_is_written_as_it_was_read(string arguments, string text)
    {
        Assert.That(new ExecutedStep("erase-region", arguments).ToString(), Is.EqualTo(text));
        Assert.That(() => SequenceFile.Parse("s.yaml", $"sequence: s\nboard: kv58\nsteps:\n  - {text}\n"), Throws.Nothing);
    }

    private static FailingCycle Failing(IReadOnlyList<ExecutedStep> before, CycleImage? image) => new("kv58", Busy, before, new ExecutedStep("update", "")) { Image = image };

    private static Sequence Run(FailingCycle failing, ulong steps, double rate, int seed, Func<Sequence, bool> fails)
    {
        var random = new Random(seed);
        var simplification = new Simplification(failing, new Candidate(steps), 0.8 * rate, 0);
        for (var cycles = 0; simplification.Next() is { } candidate; cycles++)
        {
            Assert.That(cycles, Is.LessThan(60 / rate), "it ends");
            simplification.Record(candidate, fails(Parse(failing, candidate)) && random.NextDouble() < rate ? 1 : 0, 1);
        }
        return Parse(failing, simplification.Simplest);
    }

    private static Sequence Parse(FailingCycle failing, Candidate candidate) => SequenceFile.Parse("c.yaml", failing.ToSequence("candidate", "Does it fail?", candidate, switchesPower: true, cycles: 1));

    private static int Size(Sequence sequence) => sequence.Image is { Size.Value: var size } ? int.Parse(size, System.Globalization.CultureInfo.InvariantCulture) : 6144;

    private static uint Number(Sequence sequence, string name) => Quantity.TryNumber(Value(sequence, name), out var number) ? number : 0;

    private static double Milliseconds(Sequence sequence, string name) => Quantity.TryTime(Value(sequence, name), out var time) ? time.TotalMilliseconds : 0;

    private static string Value(Sequence sequence, string name) => sequence.Steps.OfType<StepCall>().SelectMany(step => step.Arguments).FirstOrDefault(argument => argument.Name == name)?.Value ?? "";
}
