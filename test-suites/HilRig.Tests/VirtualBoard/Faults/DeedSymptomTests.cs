using HilRig.Kboot;
using HilRig.VirtualBoard.Bootloader;
using HilRig.VirtualBoard.Kv58;
using NUnit.Framework;
using static HilRig.Tests.VirtualBoard.Faults.FaultyBoard;

namespace HilRig.Tests.VirtualBoard.Faults;

/// <summary>What people do to a sound board.</summary>
public class DeedSymptomTests
{
    private const uint App = KvMap.ApplicationStart;
    private static readonly byte[] Image = FirmwareImage.BuildApplication(6144, 2, "new", dataCache: false);
    private static readonly byte[] Old = FirmwareImage.BuildApplication(6144, 1, "old", dataCache: false);

    [Test, Symptom("no-erase", "F7")]
    public void no_erase()
    {
        using var board = SoundBoard(Old);
        var host = Connect(board);
        for (var round = 0; round < 2; round++)
        {
            Assert.That(host.Write(App, Image), Is.EqualTo(new WriteOutcome(992, StatusCode.MemoryCumulativeWrite)), $"round {round}");
            Assert.That(host.Read(App, Old.Length), Is.EqualTo(Old));
            Assert.That(board.Swd.Array(App, Old.Length), Is.EqualTo(Old));
            Assert.That(host.Reset(), Is.True);
        }
    }

    [Test, Symptom("wide-reservation", "F26")]
    public void wide_reservation()
    {
        using var board = SoundBoard(Old, FirmwareImage.BuildBootloader(Release.All.Single(release => release.Name == "kboot-2.0.0-wide").Profile));
        var host = Connect(board);
        Assert.That(host.Erase(App, 0x2000), Is.EqualTo(StatusCode.MemoryRangeInvalid));
        Assert.That(host.Write(App, Image), Is.EqualTo(new WriteOutcome(0, StatusCode.MemoryRangeInvalid)));
        Assert.That(board.Swd.Array(App, Old.Length), Is.EqualTo(Old));
    }

    [Test, Symptom("erase-all-unsecure", "F28")]
    public void erase_all_unsecure()
    {
        using var board = SoundBoard(Old);
        var host = Connect(board);
        Assert.That(host.Status(CommandTag.FlashEraseAllUnsecure), Is.Null, "no answer");
        Assert.That(host.Ping(), Is.False);
        board.Chip.Reset(ResetCause.Pin);
        Assert.That(host.Ping(), Is.False, "a reset does not help");
        Assert.That(board.Swd.Array(KvMap.FlashStart + 0x400, 16), Is.EqualTo(Convert.FromHexString("FFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFF")));
        Assert.That(board.Swd.Array(App, Old.Length), Is.All.EqualTo(0xFF));
    }

    [Test, Symptom("wrong-address", "F30")]
    public void wrong_address()
    {
        using var board = SoundBoard();
        var host = Connect(board);
        Assert.That(host.Write(KvMap.FlashStart, Image), Is.EqualTo(new WriteOutcome(0, StatusCode.MemoryRangeInvalid)), "into the bootloader");
        Assert.That(host.Update(App + 0x2000, Image), Is.EqualTo(new WriteOutcome(Image.Length, StatusCode.Success)), "one sector too far");
        Assert.That(board.Swd.Array(App + 0x2000, Image.Length), Is.EqualTo(Image), "as written");
        Assert.That(host.Reset(), Is.True);
        board.Run(TimeSpan.FromSeconds(10));
        Assert.That(board.Drain(), Is.Empty, "no banner");
        Assert.That(host.Ping(), Is.True, "no application starts");
        Assert.That(host.Write(KvMap.FlashEnd - 64, Image.AsSpan(0, 128)), Is.EqualTo(new WriteOutcome(64, StatusCode.MemoryRangeInvalid)), "over the end");
        Assert.That(board.Swd.Array(KvMap.FlashEnd - 64, 64), Is.EqualTo(Image[..64]), "the part that fitted");
    }

    [Test, Symptom("bad-signature", "F32")]
    public void bad_signature()
    {
        using var board = SoundBoard(Old);
        var host = Connect(board);
        host.SendCommand(CommandTag.ReceiveSbFile, 96);
        board.Receive(2);
        host.Response();
        host.SendFramed(PacketType.Data, new byte[32]);
        Assert.That(board.Receive(2), Is.EqualTo((byte[])[0x5A, 0xA3]));
        Assert.That(host.Response(), Is.EqualTo(new uint[] { (uint)StatusCode.RomLdrSignature, (uint)CommandTag.ReceiveSbFile }));
        Assert.That(board.Swd.Array(App, Old.Length), Is.EqualTo(Old));
    }
}
