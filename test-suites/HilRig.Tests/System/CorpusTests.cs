using HilRig.Bench.Corpus;
using HilRig.Model.Runs;
using NUnit.Framework;

namespace HilRig.Tests.SystemTests;

/// <summary>A few draws of the corpus that <c>./rig bench corpus</c> goes through: whom the agent blames for a fault whose cause is known.</summary>
public class CorpusTests
{
    /// <summary>Those whose one run takes a second or two; the others wait for silence.</summary>
    private static readonly string[] Quick =
    [
        "kboot-2.0.0-cached", "kboot-2.0.0-wide", "kboot-2.0.3-short", "kboot-2.0.3-lazy", "garbage line", "cells fall after an erase", "region protected", "part blank",
        "probe of another board", "serial device missing", "agent dies in a step", "supply answers nonsense",
        "write without an erase", "the same bytes written twice", "write into the bootloader", "erase off its alignment", "verify before anything was written", "image over the bootloader",
    ];

    [Test]
    public async Task No_layer_is_blamed_for_anothers_fault()
    {
        var random = new Random(Extent.Seed());
        var faults = LabelledFault.All.Where(fault => Extent.IsFull || Quick.Contains(fault.Name)).ToArray();
        random.Shuffle(faults);
        var log = TrialLog.Open(null);

        await new FaultCampaign(Extent.IsFull ? faults : faults[..6], Extent.IsFull ? 25 : 1, random.Next(), log, result => TestContext.Out.WriteLine($"{result.Truth} called {result.Said}: {result.Fault} #{result.Draw}")).RunAsync(2, CancellationToken.None);

        Assert.That(log.Results.Where(result => result.IsVoid && result.Said == Layer.None), Is.Empty, "the bench itself broke");
        Assert.That(log.Results.Where(result => result.IsJudged && result.Said != result.Truth && (!Extent.IsFull || result.Said != Layer.Undetermined)), Is.Empty);
    }

    [Test]
    public void The_corpus_has_forty_faults_of_three_layers_under_names_of_their_own()
    {
        Assert.That(LabelledFault.All, Has.Count.GreaterThanOrEqualTo(40));
        Assert.That(LabelledFault.All.Select(fault => fault.Name), Is.Unique);
        Assert.That(LabelledFault.All.Select(fault => fault.Truth).Distinct(), Is.EquivalentTo(new[] { Layer.Product, Layer.Rig, Layer.Sequence }));
        Assert.That(Quick, Is.SubsetOf(LabelledFault.All.Select(fault => fault.Name)));
    }
}
