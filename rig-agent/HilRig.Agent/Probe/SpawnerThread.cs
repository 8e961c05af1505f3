using System.Collections.Concurrent;

namespace HilRig.Agent.Probe;

/// <summary>
/// The one thread that starts child processes. A child's parent-death signal follows the thread that forked it,
/// not the process (prctl(2), PR_SET_PDEATHSIG), so that thread must live as long as the agent.
/// </summary>
public static class SpawnerThread
{
    private static readonly BlockingCollection<Action> Work = [];

    static SpawnerThread() => new Thread(Loop) { IsBackground = true, Name = "spawner" }.Start();

    /// <summary>Runs <paramref name="start"/> there and returns what it returns.</summary>
    public static Task<T> RunAsync<T>(Func<T> start)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                result.SetResult(start());
            }
            catch (Exception exception)
            {
                result.SetException(exception);
            }
        });
        return result.Task;
    }

    private static void Loop()
    {
        foreach (var action in Work.GetConsumingEnumerable())
            action();
    }
}
