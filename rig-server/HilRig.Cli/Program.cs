using System.CommandLine;
using HilRig.Cli;
using HilRig.Model;

var root = new RootCommand("HilRig: hammers bootloaders all night and says what triggers a rare failure") { AnalyzeCommand.Create() };
var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    Console.Error.WriteLine($"hilrig: {parsed.Errors[0].Message} Try: hilrig --help");
    return ExitCode.BadInput;
}
return await parsed.InvokeAsync();
