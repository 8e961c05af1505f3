using System.CommandLine;
using HilRig.Cli;
using HilRig.Model;

var root = HilRigCommand.Create();

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    Console.Error.WriteLine($"{parsed.Errors[0].Message} See `./rig --help`.");
    return ExitCode.BadInput;
}

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(10) });
}
catch (BadInputException exception)
{
    Console.Error.WriteLine(exception.Message);
    return ExitCode.BadInput;
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or HttpRequestException)
{
    Console.Error.WriteLine(exception.Message);
    return ExitCode.RigError;
}
catch (OperationCanceledException exception) when (exception.InnerException is TimeoutException timeout)
{
    // The form in which HttpClient says that its own deadline has passed.
    Console.Error.WriteLine($"the server did not answer: {timeout.Message}");
    return ExitCode.RigError;
}
catch (OperationCanceledException)
{
    return ExitCode.Stopped;
}
