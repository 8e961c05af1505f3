using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace HilRig.Tests.StandIns;

/// <summary>A pseudo-terminal: the far end as a stream here, the near end as a device that a serial port opens.</summary>
internal sealed class PtyPair : IDisposable
{
    private const int ReadWriteNoControl = 0x2 | 0x100; // O_RDWR | O_NOCTTY

    private readonly SafeFileHandle master;

    private PtyPair(SafeFileHandle master, string device)
    {
        this.master = master;
        Device = device;
        Far = new FileStream(master, FileAccess.ReadWrite, bufferSize: 0);
    }

    public string Device { get; }

    public FileStream Far { get; }

    public static PtyPair Open()
    {
        var master = OpenMaster(ReadWriteNoControl);
        var name = new byte[64];
        if (master.IsInvalid || Grant(master) != 0 || Unlock(master) != 0 || Name(master, name, name.Length) != 0)
            throw new IOException($"no pseudo-terminal: {Marshal.GetLastPInvokeErrorMessage()}");
        return new PtyPair(master, Encoding.UTF8.GetString(name, 0, Array.IndexOf<byte>(name, 0)));
    }

    public void Dispose()
    {
        Far.Dispose();
        master.Dispose();
    }

    [DllImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    private static extern SafeFileHandle OpenMaster(int flags);

    [DllImport("libc", EntryPoint = "grantpt", SetLastError = true)]
    private static extern int Grant(SafeFileHandle master);

    [DllImport("libc", EntryPoint = "unlockpt", SetLastError = true)]
    private static extern int Unlock(SafeFileHandle master);

    [DllImport("libc", EntryPoint = "ptsname_r", SetLastError = true)]
    private static extern int Name(SafeFileHandle master, byte[] name, nint length);
}
