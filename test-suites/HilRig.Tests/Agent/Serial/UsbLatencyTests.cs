using HilRig.Agent.Serial;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Serial;

public class UsbLatencyTests
{
    [Test]
    public void The_timer_is_found_behind_a_stable_link_to_the_tty()
    {
        var folder = Directory.CreateTempSubdirectory("hilrig-tty-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "ttyUSB3", "device"));
        File.WriteAllText(Path.Combine(folder, "ttyUSB3", "device", "latency_timer"), "16\n");
        Directory.CreateDirectory(Path.Combine(folder, "dev"));
        File.WriteAllText(Path.Combine(folder, "dev", "ttyUSB3"), "");
        File.CreateSymbolicLink(Path.Combine(folder, "board-1"), Path.Combine(folder, "dev", "ttyUSB3"));

        Assert.That(UsbLatency.Read(Path.Combine(folder, "board-1"), folder), Is.EqualTo(16));
        Assert.That(UsbLatency.Read("/dev/pts/0", folder), Is.Null);
        Directory.Delete(folder, recursive: true);
    }
}
