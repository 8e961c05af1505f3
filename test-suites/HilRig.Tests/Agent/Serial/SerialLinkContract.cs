using System.Diagnostics;
using HilRig.Agent.Serial;
using HilRig.Tests.StandIns;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Serial;

/// <summary>What every kind of serial link promises, tried on a real pseudo-terminal.</summary>
[TestFixture(SerialDriver.Termios)]
[TestFixture(SerialDriver.SystemIoPorts)]
public class SerialLinkContract(SerialDriver driver)
{
    private Pty pty = null!;
    private ISerialLink link = null!;

    [SetUp]
    public void Open()
    {
        pty = new Pty();
        link = SerialLinks.Open(pty.Device, 57_600, driver);
    }

    [TearDown]
    public void Close()
    {
        link.Dispose();
        pty.Dispose();
    }

    [Test]
    public void Every_byte_value_passes_both_ways_unchanged()
    {
        var all = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();
        link.Write(all);
        Assert.That(pty.Read(256), Is.EqualTo(all));
        pty.Write(all);
        Assert.That(ReadAll(256), Is.EqualTo(all));
    }

    [Test]
    public void Nothing_is_echoed()
    {
        link.Write([0x5A, 0xA6]);
        Assert.That(pty.Read(2), Has.Length.EqualTo(2));
        Assert.That(link.Read(new byte[16], TimeSpan.FromMilliseconds(30)), Is.Zero);
    }

    [Test]
    public void A_read_returns_0_when_its_time_passed_and_not_before()
    {
        var started = Stopwatch.GetTimestamp();
        Assert.That(link.Read(new byte[16], TimeSpan.FromMilliseconds(80)), Is.Zero);
        Assert.That(Stopwatch.GetElapsedTime(started), Is.GreaterThanOrEqualTo(TimeSpan.FromMilliseconds(78)));
    }

    [Test]
    public void A_read_with_zero_timeout_takes_what_is_there()
    {
        Assert.That(link.Read(new byte[16], TimeSpan.Zero), Is.Zero);
        pty.Write(1, 2, 3);
        Assert.That(ReadAll(1), Is.EqualTo(new byte[] { 1 }));
        Assert.That(link.Read(new byte[16], TimeSpan.Zero), Is.EqualTo(2));
    }

    [Test]
    public void Discarded_input_is_gone()
    {
        pty.Write(1, 2, 3);
        Assert.That(ReadAll(1), Is.EqualTo(new byte[] { 1 }));
        link.DiscardInput();
        pty.Write(9);
        Assert.That(ReadAll(1), Is.EqualTo(new byte[] { 9 }));
    }

    [Test]
    public void A_pseudo_terminal_counts_no_line_errors() => Assert.That(link.LineErrors, Is.Null);

    [TestCase(9_600)]
    [TestCase(57_600)]
    [TestCase(115_200)]
    [TestCase(460_800)]
    public void Usual_rates_are_taken(int baud)
    {
        link.Dispose();
        link = SerialLinks.Open(pty.Device, baud, driver);
        link.Write([0x5A]);
        Assert.That(pty.Read(1), Is.EqualTo(new byte[] { 0x5A }));
    }

    [Test]
    public void Rates_are_taken_that_no_list_has()
    {
        if (driver == SerialDriver.SystemIoPorts && InUse.IsStandIn("System.IO.Ports"))
            Assert.Ignore("the stand-in knows a list of rates");
        link.Dispose();
        link = SerialLinks.Open(pty.Device, 250_000, driver);
        Assert.That(link.Baud, Is.EqualTo(250_000));
    }

    [Test]
    public void A_second_open_is_refused_as_busy()
    {
        var error = Assert.Throws<SerialLinkException>(() => SerialLinks.Open(pty.Device, 57_600, driver).Dispose())!;
        Assert.That(error.Message, Does.Contain(pty.Device).And.Contain("in use by another program"));
    }

    [Test]
    public void The_port_is_free_again_after_it_was_closed()
    {
        link.Dispose();
        using var again = SerialLinks.Open(pty.Device, 115_200, driver);
        Assert.That((again.Name, again.Baud), Is.EqualTo((pty.Device, 115_200)));
    }

    [Test]
    public void A_missing_device_is_named_with_its_remedy()
    {
        var error = Assert.Throws<SerialLinkException>(() => SerialLinks.Open("/dev/ttyMissing7", 57_600, driver))!;
        Assert.That(error.Message, Is.EqualTo("serial port /dev/ttyMissing7: does not exist; connect the board or correct serial.device"));
    }

    [Test]
    public void A_plain_file_is_no_serial_port()
    {
        var file = Path.GetTempFileName();
        var error = Assert.Throws<SerialLinkException>(() => SerialLinks.Open(file, 57_600, driver))!;
        File.Delete(file);
        Assert.That(error.Message, Does.Contain(file));
        if (driver == SerialDriver.Termios)
            Assert.That(error.Message, Does.Contain("is not a serial port"));
    }

    [Test]
    public void An_unplugged_port_is_named_by_reads_and_writes()
    {
        pty.Dispose();
        Assert.That(Assert.Throws<SerialLinkException>(() => link.Read(new byte[16], TimeSpan.FromSeconds(5)))!.Message, Does.Contain("unplugged"));
        Assert.That(Assert.Throws<SerialLinkException>(() => link.Write([0x5A, 0xA6]))!.Message, Does.StartWith($"serial port {pty.Device}: "));
    }

    [Test]
    public void After_a_replug_the_same_link_works_again()
    {
        var name = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"replug-{Guid.NewGuid():N}");
        File.CreateSymbolicLink(name, pty.Device);
        link.Dispose();
        link = SerialLinks.Open(name, 57_600, driver);
        pty.Dispose();
        Assert.Throws<SerialLinkException>(() => link.Read(new byte[16], TimeSpan.FromSeconds(5)));

        using var replugged = new Pty();
        File.Delete(name);
        File.CreateSymbolicLink(name, replugged.Device);
        link.Write([0x5A, 0xA6]);
        Assert.That(replugged.Read(2), Is.EqualTo(new byte[] { 0x5A, 0xA6 }));
        File.Delete(name);
    }

    private byte[] ReadAll(int count)
    {
        var bytes = new List<byte>();
        var buffer = new byte[count];
        while (bytes.Count < count)
        {
            var got = link.Read(buffer.AsSpan(0, count - bytes.Count), TimeSpan.FromSeconds(5));
            Assert.That(got, Is.GreaterThan(0), "the bytes never came");
            bytes.AddRange(buffer[..got]);
        }
        return [.. bytes];
    }
}
