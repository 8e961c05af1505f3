namespace HilRig.Model.Sequences;

/// <summary>Mistakes found in one reading: a part that cannot be read is noted and left out, and the reading goes on.</summary>
public sealed class Problems
{
    private readonly List<BadInputException> found = [];

    public IReadOnlyList<BadInputException> Found => found;

    /// <summary>What <paramref name="read"/> gives, or <paramref name="otherwise"/> where it finds a mistake.</summary>
    public T Or<T>(T otherwise, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (BadInputException problem)
        {
            // A node is read once for each variant; its mistake is one.
            if (found.All(known => known.Message != problem.Message))
                found.Add(problem);
            return otherwise;
        }
    }

    /// <summary>What can be read of several parts.</summary>
    public IReadOnlyList<TPart> Each<TNode, TPart>(IEnumerable<TNode> nodes, Func<TNode, TPart> read)
        where TPart : class =>
        [.. nodes.Select(node => Or(null, () => (TPart?)read(node))).OfType<TPart>()];

    /// <summary>Does something that may find a mistake.</summary>
    public void Note(Action check) => Or(0, () =>
    {
        check();
        return 0;
    });
}
