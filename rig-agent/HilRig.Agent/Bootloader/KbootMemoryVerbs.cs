using System.CommandLine;
using HilRig.Agent.Bootloader.Recipes;
using HilRig.Agent.Images;
using HilRig.Model;

namespace HilRig.Agent.Bootloader;

/// <summary>The <c>kboot</c> verbs that move data: write, read, fill, receive-sb-file.</summary>
internal static class KbootMemoryVerbs
{
    public static IEnumerable<Command> Create(KbootConnection connection) =>
        [Write(connection), Read(connection), Fill(connection), ReceiveSbFile(connection)];

    private static Command Write(KbootConnection connection)
    {
        var address = KbootArguments.Number("ADDRESS", "where a raw binary goes; HEX, SREC and ELF files keep their own addresses");
        var file = KbootArguments.File("image to write");
        var erase = new Option<bool>("--erase") { Description = "erase its sectors first" };
        var verify = new Option<bool>("--verify") { Description = "read it back and compare" };
        var verb = new Command("write", "write an image") { address, file, erase, verify };
        verb.SetAction((parsed, token) => connection.RunAsync(
            parsed,
            client => WriteAsync(client, ImageFile.Load(parsed.GetRequiredValue(file), parsed.GetValue(address)), parsed.GetValue(erase), parsed.GetValue(verify), token),
            token));
        return verb;
    }

    private static async Task WriteAsync(BootloaderClient client, Image image, bool erase, bool verify, CancellationToken cancellationToken)
    {
        var map = await DeviceMap.ReadAsync(client, image.Start, cancellationToken);
        var inFlash = image.Segments.Any(segment => map.Flash.Overlaps(segment.Address, segment.End));
        if (inFlash)
            Object(ImagePreflight.Check(image, map));
        foreach (var segment in erase ? image.Segments : [])
            await client.FlashEraseRegionAsync(segment.Address, map.RoundUpToSector((uint)segment.Bytes.Length), cancellationToken);
        foreach (var segment in image.Segments)
            await client.WriteMemoryAsync(segment.Address, segment.Bytes, cancellationToken);
        foreach (var segment in verify ? image.Segments : [])
            ReadBack.Compare(segment, await client.ReadMemoryAsync(segment.Address, segment.Bytes.Length, cancellationToken));
        Console.WriteLine($"{image.ByteCount} bytes written{(verify ? " and read back" : "")}");
    }

    private static void Object(IReadOnlyList<PreflightFinding> findings)
    {
        foreach (var finding in findings)
        {
            if (finding.Severity == PreflightSeverity.Refusal)
                throw new BadInputException(finding.Message);
            Console.Error.WriteLine($"warning: {finding.Message}");
        }
    }

    private static Command Read(KbootConnection connection)
    {
        var address = KbootArguments.Number("ADDRESS", "first address");
        var length = KbootArguments.Number("LENGTH", "bytes");
        var file = KbootArguments.File("file to write them to");
        var verb = new Command("read", "read memory as the core sees it") { address, length, file };
        verb.SetAction((parsed, token) => connection.RunAsync(
            parsed,
            async client => Save(
                parsed.GetRequiredValue(file), await client.ReadMemoryAsync(parsed.GetValue(address), ByteCount(parsed.GetValue(length)), token)),
            token));
        return verb;
    }

    private static int ByteCount(uint length) => length <= int.MaxValue
        ? (int)length
        : throw new BadInputException($"LENGTH 0x{length:X}: expected at most 0x{int.MaxValue:X} bytes");

    private static void Save(string path, byte[] bytes)
    {
        try
        {
            File.WriteAllBytes(path, bytes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be written ({error.Message}); give a path in a writable folder");
        }
    }

    private static Command Fill(KbootConnection connection)
    {
        var address = KbootArguments.Number("ADDRESS", "first address");
        var length = KbootArguments.Number("LENGTH", "bytes");
        var pattern = KbootArguments.Number("PATTERN", "32-bit word to repeat");
        var verb = new Command("fill", "fill memory with a word") { address, length, pattern };
        verb.SetAction((parsed, token) => connection.RunAsync(
            parsed, client => client.FillMemoryAsync(parsed.GetValue(address), parsed.GetValue(length), parsed.GetValue(pattern), token), token));
        return verb;
    }

    private static Command ReceiveSbFile(KbootConnection connection)
    {
        var file = KbootArguments.File("SB file");
        var verb = new Command("receive-sb-file", "run an SB file") { file };
        verb.SetAction((parsed, token) => connection.RunAsync(
            parsed, client => client.ReceiveSbFileAsync(ImageFile.ReadBytes(parsed.GetRequiredValue(file)), token), token));
        return verb;
    }
}
