using HilRig.Agent.Places;

namespace HilRig.Agent.Running;

/// <summary>The other places of an agent, on which a run may repeat a cycle while nobody else uses them.</summary>
/// <param name="TryTake">Keeps others off a place until disposed; null while somebody uses it.</param>
public sealed record SparePlaces(IReadOnlyList<Place> Places, Func<Place, IDisposable?> TryTake)
{
    public static SparePlaces None { get; } = new([], _ => null);
}
