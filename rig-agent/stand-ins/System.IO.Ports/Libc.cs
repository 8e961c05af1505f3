using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace System.IO.Ports;

/// <summary>The calls and constants of a serial line, as glibc and musl have them on Linux.</summary>
internal static partial class Libc
{
    public const int OpenFlags = 0x2 | 0x100 | 0x800 | 0x80000; // O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC
    public const int Eintr = 4, Eagain = 11;
    public const short PollIn = 1, PollOut = 4;
    public const int FlushIn = 0, FlushOut = 1; // TCIFLUSH, TCOFLUSH
    public const uint Exclusive = 0x540C; // TIOCEXCL
    public const uint ModemGet = 0x5415, ModemSet = 0x5416, ModemClear = 0x5417; // TIOCMGET, TIOCMBIS, TIOCMBIC
    public const uint BytesWaiting = 0x541B; // FIONREAD
    public const uint BreakOn = 0x5427, BreakOff = 0x5428; // TIOCSBRK, TIOCCBRK
    public const int Dtr = 0x2, Rts = 0x4, Cts = 0x20, CarrierDetect = 0x40, Dsr = 0x100;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeFileHandle file, ref byte buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeFileHandle file, ref byte buffer, nint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(ref PollEntry entry, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(SafeFileHandle file, nuint request, ref int argument);

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    public static partial int GetSettings(SafeFileHandle file, out Termios settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    public static partial int SetSettings(SafeFileHandle file, int when, in Termios settings);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    public static partial void MakeRaw(ref Termios settings);

    [LibraryImport("libc", EntryPoint = "cfsetspeed", SetLastError = true)]
    public static partial int SetSpeed(ref Termios settings, uint baud);

    [LibraryImport("libc", EntryPoint = "tcflush", SetLastError = true)]
    public static partial int Flush(SafeFileHandle file, int queue);

    /// <summary><c>struct pollfd</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int File;
        public short Wanted;
        public short Happened;
    }

    /// <summary><c>struct termios</c>: 60 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Termios
    {
        public uint Input, Output, Control, Local;
        public byte Line;
        public ControlCharacters Characters;
        public uint InputSpeed, OutputSpeed;
    }

    /// <summary><c>c_cc</c>; VTIME is 5, VMIN is 6.</summary>
    [System.Runtime.CompilerServices.InlineArray(32)]
    public struct ControlCharacters
    {
        private byte first;
    }
}
