namespace HilRig.Model.Sequences;

/// <summary>Draws the steps of one cycle. The same seed and cycle give the same steps, whatever ran before.</summary>
public static class CyclePlan
{
    public static IReadOnlyList<StepCall> Draw(IReadOnlyList<SequenceNode> nodes, long seed, int cycle)
    {
        // Random's legacy algorithm for a given seed is fixed by compatibility, so a printed seed can be replayed years later.
        var random = new Random(unchecked((int)((seed * 2_654_435_761L) + (cycle * 40_503L)) & int.MaxValue));
        var calls = new List<StepCall>();
        Draw(nodes, random, calls);
        return calls;
    }

    private static void Draw(IReadOnlyList<SequenceNode> nodes, Random random, List<StepCall> calls)
    {
        foreach (var node in nodes)
        {
            switch (node)
            {
                case StepCall call:
                    calls.Add(call);
                    break;
                case Choose choose:
                    Draw(Pick(choose, random).Steps, random, calls);
                    break;
            }
        }
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
}
