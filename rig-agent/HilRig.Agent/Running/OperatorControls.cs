using System.Runtime.InteropServices;
using HilRig.Model.Rig;

namespace HilRig.Agent.Running;

/// <summary>
/// How a person steers <c>agent run</c>:
/// <code>
/// key    signal            what it does
/// p      TSTP (Ctrl+Z)     pause before the next step; p again, or CONT, goes on
/// s      USR1 (Linux)      skip the rest of this cycle
/// q      INT (Ctrl+C)      stop after this step
/// Q      INT again, TERM   stop now
/// Enter                    answers a `prompt`
/// </code>
/// Keys work on a terminal, signals everywhere.
/// </summary>
public sealed class OperatorControls : IDisposable
{
    /// <summary>SIGUSR1 on Linux (signal(7)); .NET takes raw numbers beside its own names.</summary>
    private const PosixSignal Usr1 = (PosixSignal)10;

    private static readonly TimeSpan KeyInterval = TimeSpan.FromMilliseconds(100);

    private readonly RunControl control;
    private readonly Action<string> tell;
    private readonly List<PosixSignalRegistration> signals = [];
    private readonly Timer? keys;

    public OperatorControls(RunControl control, bool isTerminal, Action<string> tell)
    {
        this.control = control;
        this.tell = tell;
        On(PosixSignal.SIGINT, Interrupt);
        On(PosixSignal.SIGTERM, () => Steer(RunSteering.StopNow));
        if (!OperatingSystem.IsWindows())
        {
            On(PosixSignal.SIGTSTP, () => Steer(RunSteering.Pause));
            On(PosixSignal.SIGCONT, () => Steer(RunSteering.Resume));
        }
        if (OperatingSystem.IsLinux())
            On(Usr1, () => Steer(RunSteering.Skip));
        if (!isTerminal || Console.IsInputRedirected)
            return;
        tell("p pauses, s skips this cycle, q stops after this step, Q stops now");
        control.Operator.SitDown(tell);
        keys = new Timer(_ => ReadKeys(), null, KeyInterval, KeyInterval);
    }

    public void Dispose()
    {
        keys?.Dispose();
        foreach (var signal in signals)
            signal.Dispose();
    }

    private void On(PosixSignal signal, Action act) => signals.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        act();
    }));

    private void Interrupt() => Steer(control.Stopping.IsCancellationRequested ? RunSteering.StopNow : RunSteering.StopAfterStep);

    private void ReadKeys()
    {
        while (Console.KeyAvailable)
        {
            switch (Console.ReadKey(intercept: true).KeyChar)
            {
                case 'p':
                    Steer(control.IsPaused ? RunSteering.Resume : RunSteering.Pause);
                    break;
                case 's':
                    Steer(RunSteering.Skip);
                    break;
                case 'q':
                    Steer(RunSteering.StopAfterStep);
                    break;
                case 'Q':
                    Steer(RunSteering.StopNow);
                    break;
                case '\r' or '\n':
                    control.Operator.Answer();
                    break;
            }
        }
    }

    private void Steer(RunSteering steering)
    {
        if (steering == RunSteering.StopAfterStep)
            tell("stops after this step; Ctrl+C or Q stops it now");
        else if (steering == RunSteering.Pause)
            tell("pauses after this step; p goes on");
        else if (steering == RunSteering.StopNow)
            tell("stops now: breaks off the step, cleans up and leaves the board with power");
        else if (steering == RunSteering.Skip)
            tell("skips the rest of this cycle");
        control.Steer(steering);
    }
}
