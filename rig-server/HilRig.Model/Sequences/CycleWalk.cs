using HilRig.Model.Runs;

namespace HilRig.Model.Sequences;

/// <summary>
/// Walks one cycle step by step: each step's result goes in, the next step comes out, until there is none.
/// The same seed, cycle and results give the same steps, whatever ran before.
/// </summary>
public sealed class CycleWalk
{
    private readonly IEnumerator<StepCall> calls;
    private readonly List<StepEnded> results = [];
    private bool isBroken;

    private CycleWalk(IReadOnlyList<SequenceNode> nodes, Random random) => calls = Walk(nodes, random).GetEnumerator();

    public static CycleWalk Of(IReadOnlyList<SequenceNode> nodes, long seed, int cycle) =>
        new(nodes, SeededRandom.For(seed, cycle));

    /// <summary>
    /// The step to do next; null when the cycle is over: all is done, or a step did not pass and no <c>until</c> goes on after it.
    /// </summary>
    /// <param name="result">How the step that was handed out before has ended; null at the start.</param>
    public StepCall? Next(StepEnded? result)
    {
        if (result is not null)
            results.Add(result);
        return calls.MoveNext() ? calls.Current : null;
    }

    private IEnumerable<StepCall> Walk(IReadOnlyList<SequenceNode> nodes, Random random)
    {
        foreach (var node in nodes)
        {
            foreach (var call in Walk(node, random))
                yield return call;
            if (isBroken)
                yield break;
        }
    }

    private IEnumerable<StepCall> Walk(SequenceNode node, Random random) => node switch
    {
        StepCall call => Do(call),
        Expect expect => Do(expect.Step),
        Choose choose => Walk(Pick(choose, random).Steps, random),
        Shuffle shuffle => Walk([.. Shuffled(shuffle.Groups, random).SelectMany(group => group)], random),
        Repeat repeat => Walk(repeat, random),
        Until until => Walk(until, new Random(random.Next())),
        _ => throw new InvalidOperationException($"nobody walks a {node.GetType().Name}"),
    };

    private IEnumerable<StepCall> Do(StepCall call)
    {
        yield return call;
        isBroken = results[^1].Verdict > Verdict.Pass;
    }

    private IEnumerable<StepCall> Walk(Repeat repeat, Random random)
    {
        for (var round = 0; round < repeat.Count && !isBroken; round++)
        {
            foreach (var call in Walk(repeat.Steps, random))
                yield return call;
        }
    }

    /// <summary>A step that does not pass ends the round, not the cycle; only what the rig or a person did ends that.</summary>
    private IEnumerable<StepCall> Walk(Until until, Random random)
    {
        for (var round = 0; round < until.Limit; round++)
        {
            var first = results.Count;
            foreach (var call in Walk(until.Steps, random))
                yield return call;
            var done = results[first..];
            if (done.Any(result => result.Verdict >= Verdict.Aborted))
                yield break;
            isBroken = false;
            if (until.IsMetBy(done))
                yield break;
        }
        foreach (var call in Do(until.Unmet))
            yield return call;
    }

    private static ChooseBranch Pick(Choose choose, Random random)
    {
        var ticket = random.Next(choose.Branches.Sum(branch => branch.Weight));
        foreach (var branch in choose.Branches)
        {
            if (ticket < branch.Weight)
                return branch;
            ticket -= branch.Weight;
        }
        throw new InvalidOperationException("the weights add up to more than their sum");
    }

    private static T[] Shuffled<T>(IReadOnlyList<T> items, Random random)
    {
        var order = items.ToArray();
        SeededRandom.Shuffle(order, random);
        return order;
    }
}
