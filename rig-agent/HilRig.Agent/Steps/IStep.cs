using HilRig.Agent.Places;
using HilRig.Agent.Running;

namespace HilRig.Agent.Steps;

/// <summary>
/// One action on a board. A step is a record <c>&lt;Name&gt;Step</c>; the parameters of its constructor are its arguments in YAML,
/// in kebab-case, with their defaults.
/// </summary>
public interface IStep
{
    /// <summary>Does it; returns when it went well, throws when not. Deriving the verdict is the runner's business.</summary>
    Task ExecuteAsync(Bench bench, CancellationToken cancellationToken);

    /// <summary>Conditions that the step itself sets, by name of the vocabulary.</summary>
    IReadOnlyDictionary<string, string> Conditions => new Dictionary<string, string>();

    /// <summary>How long the step waits by intention; its deadline counts on top.</summary>
    TimeSpan Lasts => TimeSpan.Zero;

    /// <summary>What the step leaves in flash when it goes well; empty where it changes none. SWD holds it against a step that says it failed.</summary>
    IReadOnlyList<IntendedContent> Intends(Bench bench) => [];

    /// <summary>Refuses a place or image on which the step cannot work, before cycle 1; null where it can.</summary>
    string? Refuse(Place place, Images.Image? image) => null;
}
