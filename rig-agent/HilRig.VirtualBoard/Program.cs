using HilRig.VirtualBoard;

const int BadInput = 2, RigFailed = 3;
try
{
    var parsed = new BoardCommand().Build().Parse(args);
    if (parsed.Errors.Count > 0)
    {
        Console.Error.WriteLine($"board: {parsed.Errors[0].Message} (see ./rig board --help)");
        return BadInput;
    }
    return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false });
}
catch (UsageException error)
{
    Console.Error.WriteLine($"board: {error.Message}");
    return BadInput;
}
catch (RigException error)
{
    Console.Error.WriteLine($"board: {error.Message}");
    return RigFailed;
}
