using System.IO.Ports;
using NUnit.Framework;

namespace HilRig.Tests.StandIns;

/// <summary>What the agent relies on in System.IO.Ports, on a pseudo-terminal; runs with the package or the stand-in.</summary>
[CancelAfter(20_000)]
[Platform("Linux")]
public class SerialPortTests
{
    private static readonly byte[] Bytes = [0x5A, 0xA6, 0x00, 0x03, 0x0A, 0x0D, 0x11, 0x13, 0x1A, 0x7F, 0xFF];

    private PtyPair pty = null!;
    private SerialPort port = null!;

    [SetUp]
    public void OpenThePort()
    {
        pty = PtyPair.Open();
        // A write time-out always: the package waits for ever on a line that hung up.
        port = On(pty.Device);
        port.Open();
    }

    [TearDown]
    public void CloseThePort()
    {
        port.Dispose();
        pty.Dispose();
    }

    [Test]
    public void Every_byte_passes_as_it_is_in_both_directions()
    {
        port.Write(Bytes, 0, Bytes.Length);
        Assert.That(ReadFar(Bytes.Length), Is.EqualTo(Bytes));
        pty.Far.Write(Bytes);
        Assert.That(ReadNear(Bytes.Length), Is.EqualTo(Bytes));
    }

    [Test]
    public async Task The_stream_passes_bytes_in_both_directions(CancellationToken timeout)
    {
        await port.BaseStream.WriteAsync(Bytes, timeout);
        Assert.That(ReadFar(Bytes.Length), Is.EqualTo(Bytes));
        var received = new byte[Bytes.Length];
        var reading = port.BaseStream.ReadExactlyAsync(received, timeout);
        pty.Far.Write(Bytes);
        await reading;
        Assert.That(received, Is.EqualTo(Bytes));
    }

    [Test]
    public void A_silent_line_times_a_read_out()
    {
        port.ReadTimeout = 50;
        Assert.Throws<TimeoutException>(() => port.Read(new byte[1], 0, 1));
    }

    [Test]
    public void A_read_on_a_silent_line_can_be_given_up(CancellationToken timeout)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(timeout);
        giveUp.CancelAfter(50);
        Assert.That(async () => await port.BaseStream.ReadAsync(new byte[1], giveUp.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(timeout.IsCancellationRequested, Is.False);
    }

    [Test]
    public void Waiting_bytes_are_counted_and_can_be_discarded()
    {
        pty.Far.Write(Bytes);
        Assert.That(() => port.BytesToRead, Is.EqualTo(Bytes.Length).After(2_000, 5));
        port.DiscardInBuffer();
        Assert.That(port.BytesToRead, Is.Zero);
    }

    [Test]
    public void A_line_that_hung_up_ends_a_waiting_read(CancellationToken timeout)
    {
        var reading = port.BaseStream.ReadAsync(new byte[1], timeout).AsTask();
        pty.Dispose();
        Assert.That(async () => await reading, Throws.InstanceOf<IOException>().Or.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void A_busy_port_is_refused()
    {
        if (Environment.IsPrivilegedProcess)
            Assert.Ignore("TIOCEXCL does not bind root; DeviceLock does, and the contract of the serial links tries it");
        using var second = On(pty.Device);
        Assert.Throws<UnauthorizedAccessException>(second.Open);
    }

    [Test]
    public void A_closed_port_is_free_again()
    {
        port.Close();
        Assert.That(port.IsOpen, Is.False);
        using var second = On(pty.Device);
        second.Open();
        Assert.That(second.IsOpen, Is.True);
    }

    [TestCase("/dev/hilrig-no-such-device")]
    [TestCase("/dev/null")]
    public void What_is_no_free_serial_device_is_refused_with_its_cause(string device)
    {
        using var wrong = On(device);
        var refusal = Assert.Throws<UnauthorizedAccessException>(wrong.Open);
        Assert.That(refusal!.InnerException, Is.InstanceOf<IOException>());
        Assert.That(refusal.Message, Does.Contain(device));
    }

    [Test]
    public void A_port_that_is_not_open_can_do_nothing()
    {
        using var closed = On(pty.Device);
        Assert.Multiple(() =>
        {
            Assert.Throws<InvalidOperationException>(() => closed.Write(Bytes, 0, 1));
            Assert.Throws<InvalidOperationException>(() => _ = closed.BaseStream);
            Assert.Throws<InvalidOperationException>(closed.DiscardInBuffer);
        });
    }

    [Test]
    public void The_baud_rate_changes_while_open_and_is_never_nought()
    {
        port.BaudRate = 57_600;
        Assert.That(port.BaudRate, Is.EqualTo(57_600));
        Assert.That(() => port.BaudRate = 0, Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void The_name_of_an_open_port_stays() => Assert.Throws<InvalidOperationException>(() => port.PortName = "/dev/null");

    [Test]
    public void A_pseudo_terminal_has_no_modem_lines() => Assert.Multiple(() =>
    {
        Assert.Throws<IOException>(() => port.DtrEnable = true);
        Assert.Throws<IOException>(() => port.RtsEnable = true);
        Assert.Throws<IOException>(() => _ = port.CtsHolding);
    });

    [Test]
    public void The_machine_names_its_serial_devices_but_no_pseudo_terminals() =>
        Assert.That(SerialPort.GetPortNames(), Has.None.StartsWith("/dev/pts"));

    private static SerialPort On(string device) => new(device, 115_200, Parity.None, 8, StopBits.One) { ReadTimeout = 2_000, WriteTimeout = 2_000 };

    private byte[] ReadFar(int count)
    {
        var bytes = new byte[count];
        pty.Far.ReadExactly(bytes);
        return bytes;
    }

    private byte[] ReadNear(int count)
    {
        var bytes = new byte[count];
        for (var read = 0; read < count;)
            read += port.Read(bytes, read, count - read);
        return bytes;
    }
}
