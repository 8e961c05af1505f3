using System.Diagnostics;

namespace HilRig.Agent.Serial;

/// <summary>
/// A tty of Linux by its own system calls: poll, read, write. After an unplug every call names it; the next call tries
/// to open the device again, so a replugged one works without a new link.
/// </summary>
public sealed unsafe class TermiosLink : ISerialLink
{
    /// <summary>How long a driver may refuse bytes before the port counts as stuck.</summary>
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(2);

    private int descriptor;
    private bool disposed;

    public TermiosLink(string device, int baud)
    {
        Name = device;
        Baud = baud;
        descriptor = TermiosPort.Open(device, baud);
    }

    public string Name { get; }

    public int Baud { get; }

    public SerialLineErrors? LineErrors => descriptor < 0 ? null : TermiosDriver.ReadErrors(descriptor);

    public int Read(Span<byte> buffer, TimeSpan timeout)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (!Wait(Libc.PollIn, timeout - Stopwatch.GetElapsedTime(started)))
                return 0;
            nint count;
            fixed (byte* start = buffer)
                count = Libc.Read(Descriptor(), start, buffer.Length);
            if (count > 0)
                return (int)count;
            if (count == 0 || Libc.LastError is not (Libc.TryAgain or Libc.Interrupted))
                throw Unplugged();
        }
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint count;
            fixed (byte* start = bytes)
                count = Libc.Write(Descriptor(), start, bytes.Length);
            var error = count < 0 ? Libc.LastError : 0;
            if (count >= 0)
                bytes = bytes[(int)count..];
            else if (error is not (Libc.TryAgain or Libc.Interrupted))
                throw Unplugged();
            else if (!Wait(Libc.PollOut, WriteLimit))
                throw new SerialLinkException(Name, $"takes no bytes since {WriteLimit.TotalSeconds:0} s", "check the adapter and its flow control");
        }
    }

    public void DiscardInput()
    {
        Span<byte> dropped = stackalloc byte[512];
        while (Read(dropped, TimeSpan.Zero) > 0)
        {
        }
    }

    public void Close()
    {
        if (descriptor >= 0)
            _ = Libc.Close(descriptor);
        descriptor = -1;
    }

    public void Dispose()
    {
        disposed = true;
        Close();
    }

    /// <summary>False when the time passed. A signal (the runtime uses some) ends poll early and is waited out by the callers' loops.</summary>
    private bool Wait(short events, TimeSpan timeout)
    {
        var milliseconds = (int)Math.Clamp(Math.Ceiling(timeout.TotalMilliseconds), 0, int.MaxValue);
        var poll = new Libc.PollDescriptor { Descriptor = Descriptor(), Events = events };
        var ready = Libc.Poll(&poll, 1, milliseconds);
        return ready > 0 || (ready < 0 && Libc.LastError == Libc.Interrupted);
    }

    private int Descriptor()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (descriptor < 0)
            descriptor = TermiosPort.Open(Name, Baud);
        return descriptor;
    }

    private SerialLinkException Unplugged()
    {
        Close();
        return new SerialLinkException(Name, "was unplugged", "connect it again");
    }
}
