using HilRig.Agent.Places;
using HilRig.Agent.Running;
using HilRig.Model.Sequences;

namespace HilRig.Agent.Steps;

/// <summary>Stands at the end of an <c>until</c> whose condition was not met in its last round: nothing to do, and no pass.</summary>
internal sealed record UnmetUntil(string Condition, string Rounds) : IStep
{
    public static BoundStep Of(Until until)
    {
        var words = StepBinder.Words(until.Unmet.Arguments);
        return new BoundStep(until.Unmet.Name, words, new UnmetUntil(words, until.AtMost.Value));
    }

    public Task ExecuteAsync(Bench bench, CancellationToken cancellationToken) =>
        throw new SequenceStepException("until", $"no round of {Rounds} ended as `{Condition}` asks; what comes after it was not done");
}
