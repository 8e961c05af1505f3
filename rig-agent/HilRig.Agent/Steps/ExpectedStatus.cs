using HilRig.Agent.Bootloader;
using HilRig.Agent.Images;
using HilRig.Agent.Places;
using HilRig.Agent.Running;
using HilRig.Kboot;
using HilRig.Model.Runs;
using HilRig.Model.Sequences;

namespace HilRig.Agent.Steps;

/// <summary>A step that passes only if the board refuses it with one status. What else goes wrong is judged as ever.</summary>
internal sealed record ExpectedStatus(IStep Step, StatusCode Status) : IStep
{
    public IReadOnlyDictionary<string, string> Conditions => Step.Conditions;

    /// <summary>Makes <paramref name="bound"/> expect a status, given as a number or by NXP's name.</summary>
    public static BoundStep On(BoundStep bound, StepArgument status) => bound with
    {
        Arguments = $"{bound.Arguments} expect={status.Value}".TrimStart(),
        Step = new ExpectedStatus(bound.Step, Read(status)),
    };

    public string? Refuse(Place place, Image? image) => Step.Refuse(place, image);

    public async Task ExecuteAsync(Bench bench, CancellationToken cancellationToken)
    {
        try
        {
            await Step.ExecuteAsync(bench, cancellationToken);
        }
        catch (BootloaderStatusException exception) when (exception.Status == Status)
        {
            return;
        }
        throw new DutFailureException(new Failure("expect", "accepted", "", $"the board did as it was told; it should have refused with {(uint)Status} {Status.ToManualName()}"));
    }

    private static StatusCode Read(StepArgument status)
    {
        if (Quantity.TryNumber(status.Value, out var number))
            return (StatusCode)number;
        return StatusCatalogue.All.FirstOrDefault(meaning => meaning.Name == status.Value)?.Status
            ?? throw status.Position.Error($"`{status.Value}` is no status; {Suggestion.For(status.Value, [.. StatusCatalogue.All.Select(meaning => meaning.Name)])}");
    }
}
