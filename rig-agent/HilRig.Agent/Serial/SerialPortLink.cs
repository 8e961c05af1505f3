using System.IO.Ports;

namespace HilRig.Agent.Serial;

/// <summary>
/// A serial port by System.IO.Ports: every platform, at 1 to 2 ms a round trip on Linux (its loop ticks every millisecond).
/// Like <see cref="TermiosLink"/> it opens the device again by itself after an unplug.
/// </summary>
public sealed class SerialPortLink : ISerialLink
{
    /// <summary>Without a limit, a write to a line that hung up waits for ever.</summary>
    private const int WriteLimitMilliseconds = 2000;

    private readonly byte[] scratch = new byte[512];
    private SerialPort? port;
    private DeviceLock? claim;
    private bool disposed;

    public SerialPortLink(string device, int baud)
    {
        Name = device;
        Baud = baud;
        port = Open();
    }

    public string Name { get; }

    public int Baud { get; }

    /// <summary>The package has no such counters.</summary>
    public SerialLineErrors? LineErrors => null;

    public int Read(Span<byte> buffer, TimeSpan timeout) => buffer.IsEmpty ? 0 : TryRead(buffer, timeout);

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var count = Math.Min(bytes.Length, scratch.Length);
            bytes[..count].CopyTo(scratch);
            Guard(open => open.Write(scratch, 0, count));
            bytes = bytes[count..];
        }
    }

    public void DiscardInput() => Guard(open => open.DiscardInBuffer());

    public void Close()
    {
        port?.Dispose();
        port = null;
        claim?.Dispose();
        claim = null;
    }

    public void Dispose()
    {
        disposed = true;
        Close();
    }

    private int TryRead(Span<byte> buffer, TimeSpan timeout)
    {
        var count = 0;
        var want = Math.Min(buffer.Length, scratch.Length);
        Guard(open =>
        {
            if (timeout <= TimeSpan.Zero && open.BytesToRead == 0)
                return;
            open.ReadTimeout = (int)Math.Clamp(Math.Ceiling(timeout.TotalMilliseconds), 1, int.MaxValue);
            try
            {
                count = open.Read(scratch, 0, want);
            }
            catch (TimeoutException)
            {
                return;
            }
            if (count == 0)
                throw new IOException("the line hung up");
        });
        scratch.AsSpan(0, count).CopyTo(buffer);
        return count;
    }

    private void Guard(Action<SerialPort> action)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        port ??= Open();
        try
        {
            action(port);
        }
        catch (TimeoutException)
        {
            throw new SerialLinkException(Name, $"takes no bytes since {WriteLimitMilliseconds / 1000} s", "check the adapter and its flow control");
        }
        catch (Exception error) when (error is IOException or InvalidOperationException or UnauthorizedAccessException)
        {
            // The package's answers to a hang-up: IOException, or ObjectDisposedException from its dead loop.
            Close();
            throw new SerialLinkException(Name, "was unplugged", "connect it again");
        }
    }

    private SerialPort Open()
    {
        if (!OperatingSystem.IsWindows() && !File.Exists(Name))
            throw SerialFaults.Missing(Name);
        if (OperatingSystem.IsLinux())
            claim = DeviceLock.Take(Name);
        var opened = new SerialPort(Name, Baud, Parity.None, 8, StopBits.One) { WriteTimeout = WriteLimitMilliseconds };
        try
        {
            opened.Open();
            return opened;
        }
        catch (UnauthorizedAccessException error)
        {
            opened.Dispose();
            Close();
            throw SerialFaults.CannotOpen(Name, error.InnerException?.HResult ?? 0, error.InnerException?.Message ?? error.Message);
        }
        catch (Exception error) when (error is IOException or ArgumentException or PlatformNotSupportedException)
        {
            opened.Dispose();
            Close();
            throw error is ArgumentException
                ? SerialFaults.Refused(Name, Baud, error.Message)
                : SerialFaults.CannotOpen(Name, error.HResult, error.Message);
        }
    }
}
