using System.CommandLine;
using HilRig.VirtualBoard.Bootloader;

namespace HilRig.VirtualBoard;

/// <summary><c>rig board make-image</c>: an application that the virtual core recognises and that any host takes for one.</summary>
internal static class MakeImageCommand
{
    public static Command Build()
    {
        var size = new Option<int>("--size") { Description = $"bytes, at least {FirmwareImage.MinApplicationSize}", Required = true };
        var seed = new Option<int>("--seed") { Description = "of the content", DefaultValueFactory = _ => 1 };
        var name = new Option<string>("--name") { Description = "name in the banner; by default the file's" };
        var dcache = new Option<bool>("--dcache") { Description = "the application turns the D-cache on" };
        var file = new Argument<FileInfo>("file") { Description = "where to write it" };
        var command = new Command("make-image", "Writes an application image for 0x1000A000.") { size, seed, name, dcache, file };
        command.SetAction(result =>
        {
            var target = result.GetRequiredValue(file);
            var bytes = result.GetValue(size);
            if (bytes is < FirmwareImage.MinApplicationSize or > FirmwareImage.MaxApplicationSize)
                throw new UsageException($"--size {bytes}: expected {FirmwareImage.MinApplicationSize} to {FirmwareImage.MaxApplicationSize} bytes");
            var title = result.GetValue(name) ?? Path.GetFileNameWithoutExtension(target.Name);
            File.WriteAllBytes(target.FullName, FirmwareImage.BuildApplication(bytes, result.GetValue(seed), title, result.GetValue(dcache)));
            return 0;
        });
        return command;
    }
}
