using HilRig.Kboot;
using HilRig.VirtualBoard.Bootloader;
using HilRig.VirtualBoard.Kv58;
using NUnit.Framework;
using static HilRig.Tests.VirtualBoard.Faults.FaultyBoard;

namespace HilRig.Tests.VirtualBoard.Faults;

/// <summary>Faults of the array, its clock and its configuration field.</summary>
public class FlashSymptomTests
{
    private const uint App = KvMap.ApplicationStart;
    private const int Fault = 12;
    private const uint MdmSecured = 1 << 2;
    private static readonly byte[] Image = FirmwareImage.BuildApplication(6144, 2, "new", dataCache: false);
    private static readonly byte[] Old = FirmwareImage.BuildApplication(6144, 1, "old", dataCache: false);
    private static readonly WriteOutcome Good = new(Image.Length, StatusCode.Success);

    [Test, Symptom("cells-fall", "F7 F8")]
    public void cells_fall()
    {
        using var board = Board("cells-fall:address=0x1000A900,length=8");
        var host = Connect(board);
        Assert.That(host.Erase(App, Image.Length), Is.EqualTo(StatusCode.Success));
        board.Run(TimeSpan.FromMilliseconds(5));
        var cumulative = new WriteOutcome((3 * 1024) - 32, StatusCode.MemoryCumulativeWrite);
        Assert.That(host.Write(App, Image), Is.EqualTo(cumulative));
        Assert.That(host.Read(App + 0x900, 8), Is.EqualTo(board.Swd.Array(App + 0x900, 8)).And.All.EqualTo(0));
        Assert.That(board.Swd.Array(App + 0x908, 8), Is.All.EqualTo(0xFF));
        Assert.That(host.Reset(), Is.True);
        Assert.That(host.Write(App + 0x800, Image.AsSpan(0x800))!.Value.Status, Is.EqualTo(StatusCode.MemoryCumulativeWrite), "a reset does not cure it");
    }

    [TestCase("erase")]
    [TestCase("program")]
    [Symptom("weak-cells", "F9")]
    public void weak_cells(string operation)
    {
        using var board = Board($"weak-cells:p=1,bits=40,operation={operation}");
        var host = Connect(board);
        Assert.That(host.Update(App, Image)!.Value.Status, Is.EqualTo(StatusCode.FlashCommandFailure));
        var reads = Enumerable.Range(0, 40).Select(_ => Convert.ToHexString(board.Swd.Array(App, 8192))).Distinct();
        Assert.That(reads.Count(), Is.GreaterThan(1), "SWD reads vary");
    }

    [Test, Symptom("weak-cells", "F9")]
    public void weak_cells_pass_unnoticed_when_verify_writes_is_0()
    {
        using var board = Board("weak-cells:p=1,bits=40,operation=program");
        var host = Connect(board);
        host.Status(CommandTag.SetProperty, (uint)PropertyTag.VerifyWrites, 0);
        Assert.That(host.Update(App, Image), Is.EqualTo(Good));
        Assert.That(Enumerable.Range(0, 40).Any(_ => !board.Swd.Array(App, Image.Length).SequenceEqual(Image)), Is.True, "SWD reads it otherwise now and then");
    }

    [Test, Symptom("fprot", "F10")]
    public void fprot()
    {
        using var board = Board("fprot:mask=0xFFFFFFFC", Old);
        var host = Connect(board);
        Assert.That(host.Erase(App, 0x2000), Is.EqualTo(StatusCode.FlashProtectionViolation));
        Assert.That(host.Write(App + 0x4000, new byte[32])!.Value.Status, Is.EqualTo(StatusCode.FlashProtectionViolation));
        Assert.That(board.Swd.Array(App, Old.Length), Is.EqualTo(Old));
        Assert.That(board.Swd.Array(App + 0x4000, 32), Is.All.EqualTo(0xFF));
    }

    [Test, Symptom("slow-flash", "F22")]
    public void slow_flash()
    {
        using var board = Board("slow-flash:factor=1000", Old);
        var host = Connect(board);
        host.SendCommand(CommandTag.FlashEraseRegion, App, 0x2000);
        Assert.That(board.Receive(2, TimeSpan.FromSeconds(5)), Is.Empty, "not even an ACK");
        Assert.That(board.Receive(20, TimeSpan.FromSeconds(20)), Has.Length.EqualTo(20), "the answer comes later");
        Assert.That(board.Swd.Array(App, 64), Is.All.EqualTo(0xFF));
    }

    [TestCase("0xFF", true)]
    [TestCase("0xEF", false)]
    [Symptom("fsec", "F23 F24")]
    public void fsec(string value, bool isMassEraseEnabled)
    {
        using var board = Board($"fsec:value={value}", Old);
        var host = Connect(board);
        Assert.That(host.Command(CommandTag.GetProperty, (uint)PropertyTag.FlashSecurityState, 0), Is.EqualTo(new uint[] { 0, 1 }));
        Assert.That(host.Erase(App, 0x2000), Is.EqualTo(StatusCode.SecurityViolation));
        Assert.That(host.Status(CommandTag.ReadMemory, App, 32), Is.EqualTo(StatusCode.SecurityViolation));
        Assert.That(board.Swd.Mdm & MdmSecured, Is.Not.Zero);
        Assert.That(board.Swd.Try(App), Is.EqualTo(Fault));
        Assert.That(board.Swd.MassErase(), Is.EqualTo(isMassEraseEnabled));
        Assert.That(board.Swd.Mdm & MdmSecured, isMassEraseEnabled ? Is.Zero : Is.Not.Zero);
    }

    [Test, Symptom("blank", "F25")]
    public void blank()
    {
        using var board = Board("blank");
        Assert.That(new KbootHost(board).Ping(), Is.False);
        Assert.That(board.Swd.Mdm & MdmSecured, Is.Not.Zero, "FF is secured");
        Assert.That(board.Swd.Try(KvMap.FlashStart), Is.EqualTo(Fault));
        Assert.That(board.Swd.MassErase(), Is.True);
        board.Run(TimeSpan.FromMilliseconds(50));
        Assert.That(board.Swd.Array(KvMap.FlashStart, 0x400), Is.All.EqualTo(0xFF));
        Assert.That(board.Swd.ResetCause[1], Is.EqualTo(0x02), "it resets itself by lockup");
    }

    [Test, Symptom("bca", "F27")]
    public void bca()
    {
        using var board = Board("bca");
        var host = Connect(board);
        host.Status(CommandTag.SetProperty, (uint)PropertyTag.VerifyWrites, 0);
        Assert.That(host.Update(App, Image), Is.EqualTo(Good));
        Assert.That(host.Reset(), Is.False, "no answer any more");
        Assert.That(board.Swd.Array(App + 0x3C0, 4), Is.EqualTo("kcfg"u8.ToArray()));
        Assert.That(board.Swd.ProgramCounter, Is.InRange(App, App + Image.Length), "the application runs");
    }

    [Test, Symptom("bca-crc", "F31")]
    public void bca_crc()
    {
        using var board = Board("bca-crc:count=1024,expected=0x12345678", bootloader: FirmwareImage.BuildBootloader(Release.All.Single(release => release.Name == "kboot-2.0.0-crc").Profile));
        var host = Connect(board);
        host.Status(CommandTag.SetProperty, (uint)PropertyTag.VerifyWrites, 0);
        Assert.That(host.Update(App, Image), Is.EqualTo(Good));
        Assert.That(host.Reset(), Is.True);
        Assert.That(host.Command(CommandTag.GetProperty, (uint)PropertyTag.CrcCheckStatus, 0), Is.EqualTo(new uint[] { 0, 10401 }));
        board.Run(TimeSpan.FromSeconds(10));
        Assert.That(host.Ping(), Is.True, "it stays in the bootloader");
        Assert.That(board.Swd.Array(App + 0x3C0, 16), Is.EqualTo(Convert.FromHexString("6B636667" + "00A00010" + "00040000" + "78563412")));
        Assert.That(board.Swd.Array(App, 0x3C0), Is.EqualTo(Image[..0x3C0]));
    }
}
