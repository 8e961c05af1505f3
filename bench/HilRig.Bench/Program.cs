using HilRig.Bench;

var parsed = BenchCommand.Create().Parse(args);
if (parsed.Errors.Count > 0)
{
    Console.Error.WriteLine($"{parsed.Errors[0].Message} Try: bench --help");
    return 2;
}
return await parsed.InvokeAsync();
