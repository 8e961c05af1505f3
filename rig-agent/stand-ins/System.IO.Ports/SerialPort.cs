using System.ComponentModel;
using Microsoft.Win32.SafeHandles;

namespace System.IO.Ports;

/// <summary>A serial port, raw and byte-wise: the package's class without events, text and encodings. Linux only.</summary>
public sealed class SerialPort : Component
{
    public const int InfiniteTimeout = -1;

    private LineSettings line;
    private string portName;
    private int readTimeout = InfiniteTimeout;
    private int writeTimeout = InfiniteTimeout;
    private bool dtrEnable;
    private bool rtsEnable;
    private bool breakState;
    private SafeFileHandle? port;
    private SerialStream? stream;

    public SerialPort(string portName, int baudRate, Parity parity, int dataBits, StopBits stopBits)
    {
        ArgumentException.ThrowIfNullOrEmpty(portName);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(baudRate);
        ArgumentOutOfRangeException.ThrowIfLessThan(dataBits, 5);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dataBits, 8);
        ArgumentOutOfRangeException.ThrowIfEqual(stopBits, StopBits.None);
        this.portName = portName;
        line = new LineSettings(baudRate, parity, dataBits, stopBits, Handshake.None);
    }

    public bool IsOpen => port is { IsClosed: false };

    public string PortName
    {
        get => portName;
        set => portName = IsOpen ? throw new InvalidOperationException($"serial port {portName} is open: close it to change its name") : value;
    }

    public int BaudRate
    {
        get => line.BaudRate;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            Change(line with { BaudRate = value });
        }
    }

    public Handshake Handshake { get => line.Handshake; set => Change(line with { Handshake = value }); }

    public Stream BaseStream => stream ?? throw Failures.NotOpen(portName);

    /// <summary>Milliseconds a synchronous read waits for its first byte.</summary>
    public int ReadTimeout
    {
        get => readTimeout;
        set
        {
            readTimeout = Checked(value);
            stream?.ReadTimeout = value;
        }
    }

    /// <summary>Milliseconds a synchronous write waits for room in the driver.</summary>
    public int WriteTimeout
    {
        get => writeTimeout;
        set
        {
            writeTimeout = Checked(value);
            stream?.WriteTimeout = value;
        }
    }

    /// <summary>The DTR output. A pseudo-terminal has none: <see cref="IOException"/>.</summary>
    public bool DtrEnable { get => dtrEnable; set => dtrEnable = Drive(Libc.Dtr, value); }

    /// <summary>The RTS output. A pseudo-terminal has none: <see cref="IOException"/>.</summary>
    public bool RtsEnable { get => rtsEnable; set => rtsEnable = Drive(Libc.Rts, value); }

    public bool CtsHolding => IsHigh(Libc.Cts);

    public bool DsrHolding => IsHigh(Libc.Dsr);

    public bool CDHolding => IsHigh(Libc.CarrierDetect);

    public bool BreakState
    {
        get => breakState;
        set
        {
            Control(value ? Libc.BreakOn : Libc.BreakOff, 0, "cannot change its break state");
            breakState = value;
        }
    }

    public int BytesToRead => Control(Libc.BytesWaiting, 0, "cannot tell its waiting bytes");

    public static string[] GetPortNames() => SerialDevices.List("/sys/class/tty", "/dev");

    /// <summary>Takes the port for this process alone.</summary>
    /// <exception cref="UnauthorizedAccessException">It does not exist, is no serial line, may not be used or is busy; the inner exception says which.</exception>
    public void Open()
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("this build holds a stand-in for System.IO.Ports that knows Linux only; restore the package");
        if (IsOpen)
            throw new InvalidOperationException($"serial port {portName} is already open");
        var opened = Claim();
        try
        {
            line.Apply(opened, portName);
            port = opened;
            stream = new SerialStream(opened, portName) { ReadTimeout = readTimeout, WriteTimeout = writeTimeout };
            if (dtrEnable)
                DtrEnable = true;
            if (rtsEnable)
                RtsEnable = true;
        }
        catch
        {
            opened.Dispose();
            Close();
            throw;
        }
    }

    public void Close()
    {
        port?.Dispose();
        port = null;
        stream = null;
        breakState = false;
    }

    public int Read(byte[] buffer, int offset, int count) => BaseStream.Read(buffer, offset, count);

    public void Write(byte[] buffer, int offset, int count) => BaseStream.Write(buffer, offset, count);

    public void DiscardInBuffer() => Discard(Libc.FlushIn);

    public void DiscardOutBuffer() => Discard(Libc.FlushOut);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Close();
        base.Dispose(disposing);
    }

    private static int Checked(int timeout) => timeout is InfiniteTimeout or > 0
        ? timeout
        : throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "a time-out is a positive number of milliseconds or InfiniteTimeout");

    private SafeFileHandle Claim()
    {
        var opened = new SafeFileHandle(Libc.Open(portName, Libc.OpenFlags), ownsHandle: true);
        var unused = 0;
        if (!opened.IsInvalid && Libc.Control(opened, Libc.Exclusive, ref unused) >= 0)
            return opened;
        // One type for every cause, as the package has it.
        var cause = Failures.Io(portName, "cannot be opened");
        opened.Dispose();
        throw new UnauthorizedAccessException(cause.Message, cause);
    }

    private void Change(LineSettings changed)
    {
        if (IsOpen)
            changed.Apply(port!, portName);
        line = changed;
    }

    private bool Drive(int signal, bool on)
    {
        if (IsOpen)
            Control(on ? Libc.ModemSet : Libc.ModemClear, signal, "cannot drive its modem lines");
        return on;
    }

    private bool IsHigh(int signal) => (Control(Libc.ModemGet, 0, "cannot read its modem lines") & signal) != 0;

    private int Control(uint request, int argument, string failure)
    {
        if (!IsOpen)
            throw Failures.NotOpen(portName);
        return Libc.Control(port!, request, ref argument) < 0 ? throw Failures.Io(portName, failure) : argument;
    }

    private void Discard(int queue)
    {
        if (!IsOpen)
            throw Failures.NotOpen(portName);
        if (Libc.Flush(port!, queue) < 0)
            throw Failures.Io(portName, "cannot discard its buffer");
    }
}
