using System.Runtime.InteropServices;
using System.Text;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Serial;

/// <summary>A pseudo-terminal: the test holds the master, the code under test opens <see cref="Device"/>.</summary>
internal sealed class Pty : IDisposable
{
    private const int ReadWriteNoControllingTty = 0x102;
    private const int PollIn = 1;
    private readonly int master;
    private bool closed;

    public Pty()
    {
        master = posix_openpt(ReadWriteNoControllingTty);
        if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
            throw new IOException("no pseudo-terminal to be had");
        var name = new byte[64];
        if (ptsname_r(master, name, name.Length) != 0)
            throw new IOException("the pseudo-terminal has no name");
        Device = Encoding.UTF8.GetString(name, 0, Array.IndexOf(name, (byte)0));
    }

    public string Device { get; }

    public void Write(params byte[] bytes) => Assert.That(write(master, bytes, bytes.Length), Is.EqualTo((nint)bytes.Length));

    /// <summary>Waits for exactly so many bytes; fewer come back when 5 s pass.</summary>
    public byte[] Read(int count)
    {
        var bytes = new List<byte>();
        var buffer = new byte[256];
        while (bytes.Count < count)
        {
            var wait = new PollDescriptor { Descriptor = master, Events = PollIn };
            if (poll(ref wait, 1, 5000) <= 0)
                break;
            var got = read(master, buffer, Math.Min(buffer.Length, count - bytes.Count));
            if (got <= 0)
                break;
            bytes.AddRange(buffer[..(int)got]);
        }
        return [.. bytes];
    }

    /// <summary>Pulls the plug: the device goes away.</summary>
    public void Dispose()
    {
        if (closed)
            return;
        closed = true;
        _ = close(master);
    }

#pragma warning disable SYSLIB1054, CA5392 // The test project stays free of unsafe code; libc is found by the loader.
    [DllImport("libc", SetLastError = true)]
    private static extern int posix_openpt(int flags);

    [DllImport("libc", SetLastError = true)]
    private static extern int grantpt(int descriptor);

    [DllImport("libc", SetLastError = true)]
    private static extern int unlockpt(int descriptor);

    [DllImport("libc", SetLastError = true)]
    private static extern int ptsname_r(int descriptor, byte[] name, nint size);

    [DllImport("libc", SetLastError = true)]
    private static extern nint read(int descriptor, byte[] buffer, nint count);

    [DllImport("libc", SetLastError = true)]
    private static extern nint write(int descriptor, byte[] buffer, nint count);

    [DllImport("libc", SetLastError = true)]
    private static extern int poll(ref PollDescriptor descriptor, nuint count, int milliseconds);

    [DllImport("libc", SetLastError = true)]
    private static extern int close(int descriptor);
#pragma warning restore SYSLIB1054, CA5392

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
