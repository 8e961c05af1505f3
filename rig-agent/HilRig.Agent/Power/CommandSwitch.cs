using System.Globalization;
using CliWrap;
using CliWrap.Buffered;
using HilRig.Agent.Places;

namespace HilRig.Agent.Power;

/// <summary>A program with its arguments, as a places file names them; never a shell.</summary>
/// <param name="Program">Full path.</param>
/// <param name="Arguments">Each one argument; <c>{state}</c> in them becomes the word for on or off.</param>
/// <param name="On">The program's word for on.</param>
/// <param name="Off">Its word for off.</param>
/// <param name="Measure">Program and arguments that print the board's voltage; empty where nothing measures it.</param>
public sealed record PowerCommand(string Program, IReadOnlyList<string> Arguments, string On, string Off, IReadOnlyList<string> Measure);

/// <summary>Switches by a program: uhubctl for a USB hub, a script for a PDU.</summary>
public sealed class CommandSwitch(string place, PowerCommand command, BenchTrace? trace = null) : IPowerSwitch
{
    public const string StatePlaceholder = "{state}";

    public string Name => $"command {Path.GetFileName(command.Program)}";

    public Task SwitchAsync(PowerState state, CancellationToken cancellationToken)
    {
        var word = state == PowerState.On ? command.On : command.Off;
        return RunAsync(command.Program, [.. command.Arguments.Select(argument => argument.Replace(StatePlaceholder, word, StringComparison.Ordinal))], cancellationToken);
    }

    public async Task<double?> MeasureVoltsAsync(CancellationToken cancellationToken)
    {
        if (command.Measure.Count == 0)
            return null;
        var said = (await RunAsync(command.Measure[0], [.. command.Measure.Skip(1)], cancellationToken)).Trim();
        return double.TryParse(said, NumberStyles.Float, CultureInfo.InvariantCulture, out var volts)
            ? volts
            : throw new RigException("power", $"place {place}: {command.Measure[0]} printed `{Shortened(said)}`, expected a number of volts");
    }

    /// <summary>Never repeated: a script may toggle.</summary>
    private async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var began = trace?.Now ?? 0;
        var isDone = false;
        try
        {
            var result = await Policies.PowerCommand.ExecuteAsync(
                async token => await Cli.Wrap(program).WithArguments(arguments).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(token),
                cancellationToken);
            isDone = result.ExitCode == 0;
            return isDone
                ? result.StandardOutput
                : throw Failed($"ended with {result.ExitCode} and said `{Shortened((result.StandardError + result.StandardOutput).Trim())}`");
        }
        catch (Polly.Timeout.TimeoutRejectedException exception)
        {
            throw Failed($"did not end within {exception.Timeout.TotalSeconds:0} s and was killed");
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw Failed($"cannot be started: {exception.Message}");
        }

        RigException Failed(string how) => new("power", $"place {place}: `{program} {string.Join(' ', arguments)}` {how}; run it by hand, then mend `power:` of the place");
    }

    private static string Shortened(string text) => text.Length <= 200 ? text : text[..200] + "…";
}
