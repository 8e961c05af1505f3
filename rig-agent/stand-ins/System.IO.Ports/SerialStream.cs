using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace System.IO.Ports;

/// <summary>Bytes of an open port; reads and writes wait in poll(2), for at most their time-out.</summary>
internal sealed class SerialStream(SafeFileHandle port, string name) : Stream
{
    /// <summary>How long a wait may go without looking at its token or at a port closed meanwhile, in milliseconds.</summary>
    private const int Slice = 20;

    private int readTimeout = SerialPort.InfiniteTimeout;
    private int writeTimeout = SerialPort.InfiniteTimeout;

    public override bool CanRead => !port.IsClosed;
    public override bool CanWrite => !port.IsClosed;
    public override bool CanSeek => false;
    public override bool CanTimeout => true;
    public override int ReadTimeout { get => readTimeout; set => readTimeout = value; }
    public override int WriteTimeout { get => writeTimeout; set => writeTimeout = value; }
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count), readTimeout, CancellationToken.None);
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count), writeTimeout, CancellationToken.None);
    }

    // As in the package: time-outs bind the synchronous calls only, the asynchronous ones have their token.
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(Task.Run(() => Read(buffer.Span, SerialPort.InfiniteTimeout, cancellationToken), cancellationToken));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(Task.Run(() => Write(buffer.Span, SerialPort.InfiniteTimeout, cancellationToken), cancellationToken));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
        // Nothing is buffered here: a write has reached the driver when it returns.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private int Read(Span<byte> buffer, int milliseconds, CancellationToken cancellationToken)
    {
        if (buffer.IsEmpty)
            return 0;
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var count = (int)Libc.Read(port, ref MemoryMarshal.GetReference(buffer), buffer.Length);
            if (count > 0)
                return count;
            if (count == 0)
                throw new IOException($"serial port {name}: the line hung up");
            Await(Libc.PollIn, start, milliseconds, "no byte received", cancellationToken);
        }
    }

    private void Write(ReadOnlySpan<byte> bytes, int milliseconds, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        while (!bytes.IsEmpty)
        {
            var count = (int)Libc.Write(port, ref MemoryMarshal.GetReference(bytes), bytes.Length);
            if (count > 0)
                bytes = bytes[count..];
            else
                Await(Libc.PollOut, start, milliseconds, $"{bytes.Length} bytes not sent", cancellationToken);
        }
    }

    /// <summary>Called after a system call failed: throws unless it only has to wait, and then waits a slice.</summary>
    private void Await(short wanted, long start, int milliseconds, string what, CancellationToken cancellationToken)
    {
        if (Marshal.GetLastPInvokeError() is not (Libc.Eagain or Libc.Eintr))
            throw Failures.Io(name, "failed");
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(port.IsClosed, this);
        var left = milliseconds < 0 ? Slice : Math.Min(Slice, milliseconds - (int)Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        if (left <= 0)
            throw Failures.Timeout(name, what, milliseconds);
        var held = false;
        try
        {
            port.DangerousAddRef(ref held);
            var entry = new Libc.PollEntry { File = (int)port.DangerousGetHandle(), Wanted = wanted };
            _ = Libc.Poll(ref entry, 1, left);
        }
        finally
        {
            if (held)
                port.DangerousRelease();
        }
    }
}
