using System.Runtime.InteropServices;

namespace HilRig.Agent.Serial;

/// <summary>The kernel calls behind <see cref="TermiosLink"/>; numbers are those of Linux on x86-64 and arm64 (asm-generic).</summary>
internal static unsafe partial class Libc
{
    public const int OpenReadWrite = 0x2;
    public const int OpenNoControllingTty = 0x100;
    public const int OpenNonBlocking = 0x800;
    public const int OpenCloseOnExec = 0x80000;

    public const uint GetTermios2 = 0x802C542A;
    public const uint SetTermios2 = 0x402C542B;
    public const uint SetExclusive = 0x540C;

    public const int LockExclusiveNow = 2 | 4;

    public const short PollIn = 0x1;
    public const short PollOut = 0x4;

    public const int NoEntry = 2;
    public const int Interrupted = 4;
    public const int NoDevice = 6;
    public const int TryAgain = 11;
    public const int AccessDenied = 13;
    public const int Busy = 16;
    public const int NotATty = 25;

    public static int LastError => Marshal.GetLastPInvokeError();

    public static string LastErrorText => Marshal.GetLastPInvokeErrorMessage();

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollDescriptor* descriptors, nuint count, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Ioctl(int descriptor, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Flock(int descriptor, int operation);

    [StructLayout(LayoutKind.Sequential)]
    public struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
