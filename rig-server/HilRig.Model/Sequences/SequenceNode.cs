using System.Globalization;

namespace HilRig.Model.Sequences;

/// <summary>One entry of a step list: a step, or a construct that holds steps.</summary>
/// <param name="Position">Where it stands.</param>
public abstract record SequenceNode(SourcePosition Position)
{
    /// <summary>What it holds, whatever is drawn.</summary>
    public virtual IEnumerable<SequenceNode> Children => [];

    /// <summary>The same with its values and its step lists rewritten.</summary>
    internal abstract SequenceNode Rewrite(Rewriting rewriting);

    /// <summary>Refuses values of its own that it cannot have.</summary>
    internal virtual void Check()
    {
    }
}

/// <summary>A step by name with its arguments.</summary>
public sealed record StepCall(string Name, IReadOnlyList<StepArgument> Arguments, SourcePosition Position) : SequenceNode(Position)
{
    internal override SequenceNode Rewrite(Rewriting rewriting) => this with { Arguments = [.. Arguments.Select(rewriting.Argument)] };
}

/// <summary>One branch is drawn each time, by weight, from the run's seed.</summary>
public sealed record Choose(IReadOnlyList<ChooseBranch> Branches, SourcePosition Position) : SequenceNode(Position)
{
    public override IEnumerable<SequenceNode> Children => Branches.SelectMany(branch => branch.Steps);

    internal override SequenceNode Rewrite(Rewriting rewriting) =>
        this with { Branches = [.. Branches.Select(branch => branch with { Steps = rewriting.List(branch.Steps) })] };
}

/// <param name="Weight">Relative chance, 1 or more.</param>
/// <param name="Steps">What is done when it is drawn; may be empty.</param>
public sealed record ChooseBranch(int Weight, IReadOnlyList<SequenceNode> Steps);

/// <summary>All groups, each in its own order, in an order drawn from the run's seed.</summary>
public sealed record Shuffle(IReadOnlyList<IReadOnlyList<SequenceNode>> Groups, SourcePosition Position) : SequenceNode(Position)
{
    public override IEnumerable<SequenceNode> Children => Groups.SelectMany(group => group);

    internal override SequenceNode Rewrite(Rewriting rewriting) => this with { Groups = [.. Groups.Select(rewriting.List)] };
}

/// <summary>The steps, so many times.</summary>
public sealed record Repeat(StepArgument Times, IReadOnlyList<SequenceNode> Steps, SourcePosition Position) : SequenceNode(Position)
{
    public const int Most = 10_000;

    public int Count => Times.WholeNumber(Most);

    internal override void Check() => _ = Count;

    public override IEnumerable<SequenceNode> Children => Steps;

    internal override SequenceNode Rewrite(Rewriting rewriting) => this with { Times = rewriting.Argument(Times), Steps = rewriting.List(Steps) };
}

/// <summary>The step passes only if the board refuses it with exactly this status.</summary>
public sealed record Expect(StepArgument Status, StepCall Step, SourcePosition Position) : SequenceNode(Position)
{
    internal override SequenceNode Rewrite(Rewriting rewriting) =>
        this with { Status = rewriting.Argument(Status), Step = (StepCall)Step.Rewrite(rewriting) };
}

/// <param name="Name">As written, kebab-case.</param>
/// <param name="Value">As written, not yet interpreted.</param>
public sealed record StepArgument(string Name, string Value, SourcePosition Position)
{
    /// <summary>The parameter that the value came from, as written; null where the value is the author's own.</summary>
    public string? Reference { get; init; }

    /// <summary>The value as a whole number from 1 to <paramref name="most"/>.</summary>
    /// <exception cref="BadInputException">It is none.</exception>
    public int WholeNumber(int most) =>
        int.TryParse(Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number
            : throw Position.Error($"`{Name}` must be a whole number from 1 to {most}, not `{Value}`");
}

/// <summary>A place in a file; line and column count from 1.</summary>
public sealed record SourcePosition(string File, long Line, long Column);
