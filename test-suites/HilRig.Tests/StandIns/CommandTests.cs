using System.ComponentModel;
using System.Text;
using System.Threading.Channels;
using CliWrap.Buffered;
using CliWrap.Exceptions;
using CliWrap;
using NUnit.Framework;
// Within HilRig the bare name is the namespace of the operator's command.
using Programs = CliWrap.Cli;

namespace HilRig.Tests.StandIns;

/// <summary>What the agent relies on in CliWrap; runs with the package or the stand-in, whichever is in use.</summary>
[CancelAfter(20_000)]
[Platform("Linux")]
public class CommandTests
{
    private static readonly PipeTarget Discard = PipeTarget.ToStream(Stream.Null);

    [Test]
    public async Task An_exit_code_other_than_0_is_an_exception(CancellationToken timeout)
    {
        var failure = await Assert.ThrowsAsync<CommandExecutionException>(async () => await Shell("exit 7").ExecuteAsync(timeout));
        Assert.That(failure!.ExitCode, Is.EqualTo(7));
    }

    [Test]
    public async Task Without_validation_the_exit_code_is_a_result(CancellationToken timeout)
    {
        var result = await Shell("exit 7").WithValidation(CommandResultValidation.None).ExecuteAsync(timeout);
        Assert.Multiple(() =>
        {
            Assert.That(result.ExitCode, Is.EqualTo(7));
            Assert.That(result.IsSuccess, Is.False);
            Assert.That(result.RunTime, Is.EqualTo(result.ExitTime - result.StartTime).And.GreaterThanOrEqualTo(TimeSpan.Zero));
        });
    }

    [Test]
    public void A_program_that_does_not_exist_fails_before_anything_is_awaited() =>
        Assert.Throws<Win32Exception>(() => _ = Programs.Wrap("hilrig-no-such-program").ExecuteAsync());

    [Test]
    public async Task Arguments_reach_the_program_whole(CancellationToken timeout)
    {
        string[] odd = ["", "two words", "quote\"inside", @"back\slash\", "$HOME", "*", "ümlaut"];
        var result = await Programs.Wrap("printf").WithArguments(arguments => arguments.Add("[%s]").Add(odd)).ExecuteBufferedAsync(timeout);
        Assert.That(result.StandardOutput, Is.EqualTo(string.Concat(odd.Select(argument => $"[{argument}]"))));
    }

    [Test]
    public async Task The_environment_gains_and_loses_variables(CancellationToken timeout)
    {
        var result = await Shell("echo $HILRIG_GAINED/${HOME-none}/${PATH:+kept}")
            .WithEnvironmentVariables(new Dictionary<string, string?> { ["HILRIG_GAINED"] = "gained", ["HOME"] = null })
            .WithWorkingDirectory("/")
            .ExecuteBufferedAsync(timeout);
        Assert.That(result.StandardOutput, Is.EqualTo("gained/none/kept\n"));
    }

    [Test]
    public async Task The_program_runs_in_its_working_directory_under_the_process_id_told(CancellationToken timeout)
    {
        var running = Shell("pwd; echo $$").WithWorkingDirectory("/usr").ExecuteBufferedAsync(timeout);
        Assert.That((await running).StandardOutput, Is.EqualTo($"/usr\n{running.ProcessId}\n"));
    }

    [Test]
    public async Task Input_passes_through_a_program_byte_for_byte(CancellationToken timeout)
    {
        // More than a pipe holds, so that reading and writing must go on side by side.
        var bytes = new byte[1_000_000];
        new Random(5858).NextBytes(bytes);
        using var output = new MemoryStream();
        await Programs.Wrap("cat")
            .WithStandardInputPipe(PipeSource.FromBytes(bytes))
            .WithStandardOutputPipe(PipeTarget.ToStream(output))
            .ExecuteAsync(timeout);
        Assert.That(output.ToArray(), Is.EqualTo(bytes));
    }

    [Test]
    public async Task A_program_that_wants_no_input_does_not_mind_being_given_some(CancellationToken timeout)
    {
        var result = await Programs.Wrap("true").WithStandardInputPipe(PipeSource.FromBytes(new byte[1_000_000])).ExecuteAsync(timeout);
        Assert.That(result.ExitCode, Is.Zero);
    }

    [Test]
    public async Task A_long_lived_program_is_asked_through_a_channel_and_ends_with_it(CancellationToken timeout)
    {
        var questions = Channel.CreateUnbounded<string>();
        var answers = Channel.CreateUnbounded<string>();
        var running = Shell("while read line; do echo \"answer to $line\"; done")
            .WithStandardInputPipe(PipeSource.Create(async (stdin, ended) =>
            {
                await foreach (var question in questions.Reader.ReadAllAsync(ended))
                {
                    await stdin.WriteAsync(Encoding.UTF8.GetBytes(question + "\n"), ended);
                    await stdin.FlushAsync(ended);
                }
            }))
            .WithStandardOutputPipe(PipeTarget.ToDelegate(async (line, ended) => await answers.Writer.WriteAsync(line, ended)))
            .WithStandardErrorPipe(Discard)
            .ExecuteAsync(timeout);

        for (var i = 0; i < 3; i++)
        {
            questions.Writer.TryWrite($"{i}");
            Assert.That(await answers.Reader.ReadAsync(timeout), Is.EqualTo($"answer to {i}"));
        }

        questions.Writer.Complete();
        Assert.That((await running).ExitCode, Is.Zero);
    }

    [Test]
    public async Task A_source_that_waits_for_ever_does_not_outlive_the_program(CancellationToken timeout)
    {
        var result = await Programs.Wrap("true")
            .WithStandardInputPipe(PipeSource.Create((_, ended) => Task.Delay(Timeout.Infinite, ended)))
            .ExecuteAsync(timeout);
        Assert.That(result.ExitCode, Is.Zero);
    }

    [Test]
    public async Task Output_without_a_target_breaks_the_pipe_of_a_program_that_prints(CancellationToken timeout)
    {
        // The trap that every command of the agent must avoid: 'yes' would print for ever, and dies instead.
        var result = await Programs.Wrap("yes").WithValidation(CommandResultValidation.None).ExecuteAsync(timeout);
        Assert.That(result.ExitCode, Is.Not.Zero);
    }

    [Test]
    public async Task Output_to_a_null_stream_is_read_and_discarded(CancellationToken timeout)
    {
        var result = await Shell("head -c 1000000 /dev/zero").WithStandardOutputPipe(Discard).ExecuteAsync(timeout);
        Assert.That(result.ExitCode, Is.Zero);
    }

    [Test]
    public async Task Merged_targets_all_get_everything(CancellationToken timeout)
    {
        var text = new StringBuilder();
        var lines = new List<string>();
        using var bytes = new MemoryStream();
        await Shell("seq 1 50000")
            .WithStandardOutputPipe(PipeTarget.Merge(PipeTarget.ToStringBuilder(text), PipeTarget.Null, PipeTarget.ToDelegate(lines.Add), PipeTarget.ToStream(bytes)))
            .ExecuteAsync(timeout);
        Assert.Multiple(() =>
        {
            Assert.That(lines, Is.EqualTo(Enumerable.Range(1, 50_000).Select(i => $"{i}")));
            Assert.That(text.ToString(), Is.EqualTo(string.Concat(lines.Select(line => line + "\n"))));
            Assert.That(Encoding.UTF8.GetString(bytes.ToArray()), Is.EqualTo(text.ToString()));
        });
    }

    [Test]
    public async Task A_target_that_fails_fails_the_command(CancellationToken timeout)
    {
        var failing = PipeTarget.ToDelegate(new Action<string>(_ => throw new InvalidDataException("not a line I know")));
        await Assert.ThrowsAsync<InvalidDataException>(async () =>
            await Shell("seq 1 10").WithStandardOutputPipe(PipeTarget.Merge(failing, Discard)).ExecuteAsync(timeout));
    }

    [Test]
    public async Task A_buffered_failure_quotes_what_the_program_said(CancellationToken timeout)
    {
        var failure = await Assert.ThrowsAsync<CommandExecutionException>(async () => await Shell("echo probe not found >&2; exit 4").ExecuteBufferedAsync(timeout));
        Assert.That(failure!.Message, Does.Contain("probe not found"));
    }

    private static Command Shell(string script) => Programs.Wrap("sh").WithArguments(["-c", script]);
}
