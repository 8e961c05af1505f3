using System.Threading.Channels;
using CliWrap;
using NUnit.Framework;
// Within HilRig the bare name is the namespace of the operator's command.
using Programs = CliWrap.Cli;

namespace HilRig.Tests.StandIns;

/// <summary>How a command is stopped: an interrupt to the program, or the end of its whole tree.</summary>
[CancelAfter(20_000)]
[Platform("Linux")]
public class CommandStopTests
{
    [Test]
    public async Task Forceful_cancellation_ends_the_whole_tree(CancellationToken timeout)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout);
        // The grandchild would hold the output open for a thousand seconds.
        var (running, lines) = Start("sleep 1000 & echo $!; wait", stop.Token, CancellationToken.None);
        var grandchild = int.Parse(await lines.ReadAsync(timeout));
        Assert.That(IsRunning(grandchild), Is.True);

        await stop.CancelAsync();

        Assert.That(async () => await running, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(() => IsRunning(running.ProcessId) || IsRunning(grandchild), Is.False.After(5_000, 10));
    }

    [Test]
    public async Task Graceful_cancellation_interrupts_and_waits_for_the_last_words(CancellationToken timeout)
    {
        using var interrupt = new CancellationTokenSource();
        var (running, lines) = Start("trap 'echo saved; exit 3' INT; echo ready; while :; do sleep 0.02; done", timeout, interrupt.Token);
        Assert.That(await lines.ReadAsync(timeout), Is.EqualTo("ready"));

        await interrupt.CancelAsync();

        var stopped = await Assert.CatchAsync<OperationCanceledException>(async () => await running);
        Assert.That(stopped!.CancellationToken, Is.EqualTo(interrupt.Token));
        Assert.That(await lines.ReadAsync(timeout), Is.EqualTo("saved"));
    }

    [Test]
    public async Task A_program_that_ignores_the_interrupt_ends_by_force(CancellationToken timeout)
    {
        using var force = CancellationTokenSource.CreateLinkedTokenSource(timeout);
        using var interrupt = new CancellationTokenSource();
        var (running, lines) = Start("trap 'echo no' INT; echo ready; while :; do sleep 0.02; done", force.Token, interrupt.Token);
        Assert.That(await lines.ReadAsync(timeout), Is.EqualTo("ready"));

        await interrupt.CancelAsync();
        Assert.That(await lines.ReadAsync(timeout), Is.EqualTo("no"));
        Assert.That(running.Task.IsCompleted, Is.False);
        await force.CancelAsync();

        var stopped = await Assert.CatchAsync<OperationCanceledException>(async () => await running);
        Assert.That(stopped!.CancellationToken, Is.EqualTo(force.Token));
    }

    [Test]
    public async Task After_its_end_a_command_waits_for_the_output_that_a_grandchild_still_holds(CancellationToken timeout)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout);
        var (running, lines) = Start("sleep 1000 & echo $!", stop.Token, CancellationToken.None);
        var grandchild = int.Parse(await lines.ReadAsync(timeout));
        try
        {
            Assert.That(() => IsRunning(running.ProcessId), Is.False.After(5_000, 10));
            Assert.That(running.Task.IsCompleted, Is.False);
            await stop.CancelAsync();
            Assert.That(async () => await running, Throws.InstanceOf<OperationCanceledException>());
        }
        finally
        {
            // Orphaned when its parent ended, and so in nobody's tree.
            System.Diagnostics.Process.GetProcessById(grandchild).Kill();
        }
    }

    [Test]
    public void A_request_made_before_the_start_ends_the_program_at_once()
    {
        var (running, _) = Start("sleep 1000", new CancellationToken(canceled: true), CancellationToken.None);
        Assert.That(async () => await running, Throws.InstanceOf<OperationCanceledException>());
    }

    private static (CommandTask<CommandResult> Running, ChannelReader<string> Lines) Start(string script, CancellationToken force, CancellationToken interrupt)
    {
        var lines = Channel.CreateUnbounded<string>();
        var running = Programs.Wrap("sh").WithArguments(["-c", script])
            .WithStandardOutputPipe(PipeTarget.ToDelegate(line => { lines.Writer.TryWrite(line); }))
            .WithStandardErrorPipe(PipeTarget.ToStream(Stream.Null))
            .ExecuteAsync(force, interrupt);
        return (running, lines.Reader);
    }

    /// <summary>A zombie has ended: only its parent, or a container's first process, has not looked yet.</summary>
    private static bool IsRunning(int processId)
    {
        try
        {
            var status = File.ReadAllText($"/proc/{processId}/stat");
            return status[status.LastIndexOf(')') + 2] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }
}
