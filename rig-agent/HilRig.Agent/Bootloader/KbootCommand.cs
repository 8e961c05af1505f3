using System.CommandLine;
using HilRig.Kboot;

namespace HilRig.Agent.Bootloader;

/// <summary><c>hilrig-agent kboot --port PORT …</c>: the bootloader for people, so that blhost is not missed.</summary>
public static class KbootCommand
{
    public static Command Create()
    {
        var connection = new KbootConnection();
        var command = new Command("kboot", "talk to a KBOOT bootloader");
        connection.AddTo(command);
        foreach (var verb in Verbs(connection))
            command.Subcommands.Add(verb);
        return command;
    }

    private static IEnumerable<Command> Verbs(KbootConnection connection)
    {
        yield return Info(connection);
        yield return GetProperty(connection);
        yield return SetProperty(connection);
        yield return Simple(connection, "erase-all", "erase all flash but the bootloader", client => client.FlashEraseAllAsync);
        yield return Erase(connection);
        foreach (var verb in KbootMemoryVerbs.Create(connection))
            yield return verb;
        yield return Execute(connection);
        yield return Call(connection);
        yield return Simple(connection, "reset", "reset the device", client => client.ResetAsync);
    }

    private static Command Simple(KbootConnection connection, string name, string description, Func<BootloaderClient, Func<CancellationToken, Task>> choose)
    {
        var verb = new Command(name, description);
        verb.SetAction((parsed, token) => connection.RunAsync(parsed, client => choose(client)(token), token));
        return verb;
    }

    private static Command Info(KbootConnection connection)
    {
        var verb = new Command("info", "print all properties in words");
        verb.SetAction((parsed, token) => connection.RunAsync(parsed, client => KbootInfo.PrintAsync(client, Console.Out, token), token));
        return verb;
    }

    private static Command GetProperty(KbootConnection connection)
    {
        var tag = KbootArguments.Property();
        var index = KbootArguments.Number("INDEX", "memory bank, for RAM properties", 0);
        var verb = new Command("get-property", "print one property") { tag, index };
        verb.SetAction((parsed, token) => connection.RunAsync(
            parsed,
            async client =>
            {
                var words = await client.GetPropertyAsync(parsed.GetValue(tag), parsed.GetValue(index), token);
                Console.WriteLine($"{PropertyText.Describe(parsed.GetValue(tag), words)} ({string.Join(' ', words.Select(word => $"0x{word:X8}"))})");
            },
            token));
        return verb;
    }

    private static Command SetProperty(KbootConnection connection)
    {
        var tag = KbootArguments.Property();
        var value = KbootArguments.Number("VALUE", "new value");
        var verb = new Command("set-property", "set VerifyWrites or FlashReadMargin") { tag, value };
        verb.SetAction((parsed, token) => connection.RunAsync(
            parsed, client => client.SetPropertyAsync(parsed.GetValue(tag), parsed.GetValue(value), token), token));
        return verb;
    }

    private static Command Erase(KbootConnection connection)
    {
        var address = KbootArguments.Number("ADDRESS", "start, a multiple of 32");
        var length = KbootArguments.Number("LENGTH", "bytes, a multiple of 32; whole sectors are erased");
        var verb = new Command("erase", "erase the sectors of a range") { address, length };
        verb.SetAction((parsed, token) => connection.RunAsync(
            parsed, client => client.FlashEraseRegionAsync(parsed.GetValue(address), parsed.GetValue(length), token), token));
        return verb;
    }

    private static Command Execute(KbootConnection connection)
    {
        var entry = KbootArguments.Number("ENTRY", "address to jump to");
        var argument = KbootArguments.Number("ARGUMENT", "passed in R0", 0);
        var stack = KbootArguments.Number("STACK", "stack pointer; 0 keeps the present one", 0);
        var verb = new Command("execute", "jump to code for good") { entry, argument, stack };
        verb.SetAction((parsed, token) => connection.RunAsync(
            parsed, client => client.ExecuteAsync(parsed.GetValue(entry), parsed.GetValue(argument), parsed.GetValue(stack), token), token));
        return verb;
    }

    private static Command Call(KbootConnection connection)
    {
        var address = KbootArguments.Number("ADDRESS", "function to call");
        var argument = KbootArguments.Number("ARGUMENT", "passed in R0", 0);
        var verb = new Command("call", "call a function and print what it returns") { address, argument };
        verb.SetAction((parsed, token) => connection.RunAsync(
            parsed,
            async client => Console.WriteLine($"0x{await client.CallAsync(parsed.GetValue(address), parsed.GetValue(argument), token):X8}"),
            token));
        return verb;
    }
}
