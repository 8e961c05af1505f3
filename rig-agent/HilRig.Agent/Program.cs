using System.CommandLine;
using HilRig.Agent;
using HilRig.Agent.Bootloader;
using HilRig.Agent.Serial;
using HilRig.Model;

var root = new RootCommand("The HilRig agent: drives the boards that are wired to this machine.")
{
    RunCommand.Create(),
    LintCommand.Create(),
    ServeCommand.Create(),
    EnrolCommand.Create(),
    UnwedgeCommand.Create(),
    KbootCommand.Create(),
};

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    Console.Error.WriteLine($"{parsed.Errors[0].Message} See `./rig agent --help`.");
    return ExitCode.BadInput;
}

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
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
