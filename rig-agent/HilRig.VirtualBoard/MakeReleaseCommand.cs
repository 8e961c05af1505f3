using System.CommandLine;
using HilRig.VirtualBoard.Bootloader;

namespace HilRig.VirtualBoard;

/// <summary><c>rig board make-releases FOLDER</c>: the bootloader releases as files for <c>--bootloader</c> and for flashing by SWD.</summary>
internal static class MakeReleaseCommand
{
    public static Command Build()
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "where to write them" };
        var command = new Command("make-releases", "Writes every bootloader release for 0x10000000.") { folder };
        command.SetAction(result =>
        {
            var target = result.GetRequiredValue(folder);
            target.Create();
            foreach (var release in Release.All.Concat(Release.Lying))
            {
                File.WriteAllBytes(Path.Combine(target.FullName, $"{release.Name}.bin"), FirmwareImage.BuildBootloader(release.Profile));
                Console.WriteLine($"{release.Name}.bin  {release.About}");
            }
            return 0;
        });
        return command;
    }
}
