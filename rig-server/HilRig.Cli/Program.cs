using System.CommandLine;
using HilRig.Cli;
using HilRig.Cli.Demo;
using HilRig.Cli.Investigations;
using HilRig.Cli.SignOffs;
using HilRig.Cli.Lab;
using HilRig.Model;

var root = new RootCommand("HilRig: hammers bootloaders all night and says what triggers a rare failure.")
{
    DemoCommand.Create(),
    AnalyzeCommand.Create(),
    ReproduceCommand.Create(),
    InvestigateCommand.Create(),
    CompareCommand.Create(),
    BisectCommand.Create(),
    SignOffCommand.Create(),
    VerifyCommand.Create(),
    LoginCommand.Create(),
    ReadCommands.Places(),
    RunCommand.Create(),
    SteerCommand.Create(),
    ReadCommands.Runs(),
    ReadCommands.Flags(),
    ReadCommands.Investigations(),
    ExportCommand.Create(),
    AccountCommands.People(),
    AccountCommands.Agents(),
};
root.Add(CompletionCommand.Create(root));

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
catch (OperationCanceledException)
{
    return ExitCode.Stopped;
}
