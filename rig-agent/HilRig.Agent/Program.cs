using System.CommandLine;
using HilRig.Agent;
using HilRig.Agent.Serial;
using HilRig.Model;

var parsed = AgentCommand.Create().Parse(args);
if (parsed.Errors.Count > 0)
{
    Console.Error.WriteLine($"{parsed.Errors[0].Message} See `./rig agent --help`.");
    return ExitCode.BadInput;
}

try
{
    // `run` has its own way with signals: a step that is being finished may take longer than any time set here.
    var termination = parsed.CommandResult.Command.Name == "run" ? (TimeSpan?)null : TimeSpan.FromSeconds(30);
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = termination });
}
catch (BadInputException exception)
{
    Console.Error.WriteLine(exception.Message);
    return ExitCode.BadInput;
}
catch (Exception exception) when (exception is RigException or SerialLinkException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(exception.Message);
    return ExitCode.RigError;
}
catch (OperationCanceledException)
{
    return ExitCode.Stopped;
}
