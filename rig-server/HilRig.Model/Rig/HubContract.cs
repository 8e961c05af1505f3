using HilRig.Model.Runs;

namespace HilRig.Model.Rig;

/// <summary>Versions of the contract below; a server refuses an agent whose <see cref="Version"/> differs, in words.</summary>
public static class HubContract
{
    public const int Version = 1;

    /// <summary>What was added within <see cref="Version"/>, counted up; the other side works without it.</summary>
    public const int Minor = MinorOfSteering;

    /// <summary>From here on an agent understands <see cref="IAgentClient.SteerRun"/>.</summary>
    public const int MinorOfSteering = 1;

    /// <summary>
    /// Batches that one agent may have under way without an answer: several times what one commit takes, so that the next group is read while one goes
    /// to disk, and all that a server holds of the agent in memory.
    /// </summary>
    public const int Window = 32;

    /// <summary>Path of the hub on the server.</summary>
    public const string Path = "/hub/agents";
}

/// <summary>What an agent may ask of the server.</summary>
/// <typeparam name="TBatch">An <see cref="EventBatch"/>, in whatever form a side holds it: what travels is the same JSON.</typeparam>
public interface IRigHub<in TBatch>
{
    /// <summary>First call of every connection. Says who is there and which runs it still holds.</summary>
    Task<AgentWelcome> Hello(AgentHello hello);

    /// <summary>
    /// Stores events, each once. Answers the highest number up to which the server holds the run without a gap:
    /// the agent may forget those and sends the rest again.
    /// </summary>
    Task<long> Append(TBatch batch);

    /// <summary>
    /// As <see cref="Append"/>, without a pause between the batches: one answer for each, in their order, when it is on disk. Not more than
    /// <see cref="AgentWelcome.Window"/> of them may be without an answer.
    /// </summary>
    IAsyncEnumerable<BatchAnswer> AppendMany(IAsyncEnumerable<TBatch> batches, CancellationToken cancellationToken);

    /// <summary>Figures of the moment; not answered, and dropped where there are too many.</summary>
    Task Telemetry(TelemetryBatch batch);

    /// <summary>What became of the places named in <see cref="Hello"/> since: one left or joined the rotation.</summary>
    Task Announce(IReadOnlyList<PlaceInfo> places);
}

/// <summary>What the server may ask of an agent.</summary>
public interface IAgentClient
{
    /// <summary>Hands over a run. The agent answers only by the run's events.</summary>
    Task StartRun(RunOrder order);

    /// <summary>Asks a run to stop after the step it is in.</summary>
    Task StopRun(string runId);

    /// <summary>Changes how a run goes on; one that the agent does not hold, or that has ended, is not touched.</summary>
    Task SteerRun(string runId, RunSteering steering);
}

/// <summary>What a person may do to a run that is under way.</summary>
public enum RunSteering
{
    /// <summary>Stand still before the next step.</summary>
    Pause,

    /// <summary>Go on after a pause.</summary>
    Resume,

    /// <summary>Break off the step and the cycle that it stands in, and go on with the next cycle. The cycle counts for nothing.</summary>
    Skip,

    /// <summary>Finish the step, then clean up and end.</summary>
    StopAfterStep,

    /// <summary>Break off the step, then clean up and end.</summary>
    StopNow,
}

/// <param name="Agent">Its name, unique in the lab.</param>
/// <param name="Places">What it has.</param>
/// <param name="Runs">Runs it still has events of, with the last number on its disk.</param>
/// <param name="Minor">Its <see cref="HubContract.Minor"/>; 0 from an agent that does not say so yet.</param>
public sealed record AgentHello(int ContractVersion, string Agent, string Version, IReadOnlyList<PlaceInfo> Places, IReadOnlyList<RunPosition> Runs, int Minor = 0);

/// <param name="Refusal">Null, or why the server will not work with this agent.</param>
/// <param name="Runs">Where to go on sending, for each run the agent named.</param>
/// <param name="Window">How many batches may be under way by <see cref="IRigHub{TBatch}.AppendMany"/>; 0 from a server that has only <see cref="IRigHub{TBatch}.Append"/>.</param>
public sealed record AgentWelcome(string? Refusal, IReadOnlyList<RunPosition> Runs, int Window = 0);

/// <param name="Number">Highest contiguous event number held.</param>
public sealed record RunPosition(string RunId, long Number);

/// <param name="Epoch">The lease's epoch: a stale one can write nothing.</param>
public sealed record EventBatch(string RunId, long Epoch, IReadOnlyList<RunEvent> Events);

/// <param name="Number">Highest contiguous event number held.</param>
/// <param name="Refusal">Null, or why nothing of the batch was stored.</param>
public sealed record BatchAnswer(string RunId, long Number, string? Refusal);

/// <summary>One board wired to one serial port, one probe, one power switch.</summary>
/// <param name="OutOfRotation">Why it may take no run: its board did not come back, or failed its health check. Null where it may.</param>
/// <param name="SwitchesPower">It has a supply that a sequence can switch; an agent that does not say so yet is taken to have one.</param>
public sealed record PlaceInfo(string Name, string BoardType, IReadOnlyList<string> Tags, string? OutOfRotation = null, bool SwitchesPower = true);

/// <param name="Sequence">The sequence file's text.</param>
/// <param name="SequenceName">File name for messages.</param>
/// <param name="Again">The cycle of another run that it repeats, and nothing else of it; null for a run of its own.</param>
/// <param name="ImageDigest">SHA-256 in hex of the image, to be had at <c>/api/v1/artifacts/{digest}</c>; null where the sequence needs none.</param>
public sealed record RunOrder(
    string RunId,
    long Epoch,
    string Place,
    string SequenceName,
    string Sequence,
    string? ImageName,
    string? ImageDigest,
    int? Cycles,
    long Seed,
    string? Release,
    RerunOf? Again = null);
