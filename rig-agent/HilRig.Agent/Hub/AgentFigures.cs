using HilRig.Agent.Running;
using HilRig.Model.Rig;

namespace HilRig.Agent.Hub;

/// <summary>Says every few seconds how this agent is: what waits for the server, and the room on its disk.</summary>
public sealed class AgentFigures : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private readonly ITimer timer;

    public AgentFigures(TelemetryLane lane, EventSender sender, StateFolder data, TimeProvider time) => timer = time.CreateTimer(
        _ =>
        {
            lane.Offer(new TelemetrySample(time.GetUtcNow(), "", "events.waiting", sender.Waiting));
            lane.Offer(new TelemetrySample(time.GetUtcNow(), "", "disk.free", new DriveInfo(Path.GetFullPath(data.Path)).AvailableFreeSpace));
        },
        null, TimeSpan.Zero, Every);

    public void Dispose() => timer.Dispose();
}
