using HilRig.Kboot;
using HilRig.VirtualBoard.Bootloader;
using HilRig.VirtualBoard.Kv58;
using NUnit.Framework;
using static HilRig.Tests.VirtualBoard.Faults.FaultyBoard;

namespace HilRig.Tests.VirtualBoard.Faults;

/// <summary>A probe that fails shows the host nothing: an update goes well while SWD is refused. <see cref="Probe.ProbeFaultTests"/> has the protocol's side.</summary>
public class ProbeSymptomTests
{
    private const uint App = KvMap.ApplicationStart;
    private static readonly byte[] Image = FirmwareImage.BuildApplication(6144, 2, "new", dataCache: false);

    [Test, Symptom("probe-no-ack")]
    public void probe_no_ack() => Refuses("probe-no-ack:index=0,for=1000", status: 10);

    [Test, Symptom("probe-wait")]
    public void probe_wait() => Refuses("probe-wait:index=0,for=1000", status: 11);

    [Test, Symptom("probe-unplug")]
    public void probe_unplug() => Refuses("probe-unplug:index=1,for=1000", status: 2);

    [Test, Symptom("probe-hang")]
    public void probe_hang()
    {
        using var board = Board("probe-hang:index=1");
        Assert.That(() => board.Swd.Ask("read_dp", TimeSpan.FromMilliseconds(200), 0), Is.Null, "no answer");
        Assert.That(Connect(board).Update(App, Image), Is.EqualTo(new WriteOutcome(Image.Length, StatusCode.Success)));
    }

    private static void Refuses(string fault, int status)
    {
        using var board = Board(fault);
        Assert.That(board.Swd.Try(App), Is.EqualTo(status));
        Assert.That(Connect(board).Update(App, Image), Is.EqualTo(new WriteOutcome(Image.Length, StatusCode.Success)));
        Assert.That(board.Swd.Try(App), Is.EqualTo(status));
    }
}
