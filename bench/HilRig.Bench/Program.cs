using System.CommandLine;
using HilRig.Bench;
using HilRig.Model;

var parsed = BenchCommand.Create().Parse(args);
if (parsed.Errors.Count > 0)
{
    Console.Error.WriteLine($"{parsed.Errors[0].Message} Try: bench --help");
    return 2;
}
try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (BadInputException exception)
{
    Console.Error.WriteLine($"bench: {exception.Message}");
    return 2;
}
