using System.Runtime.InteropServices;

namespace System.IO.Ports;

/// <summary>The exceptions of a port, each naming it.</summary>
internal static class Failures
{
    /// <summary>The last system error as an exception.</summary>
    public static IOException Io(string port, string what) =>
        new($"serial port {port} {what}: {Marshal.GetLastPInvokeErrorMessage()}", Marshal.GetLastPInvokeError());

    public static TimeoutException Timeout(string port, string what, int milliseconds) =>
        new($"serial port {port}: {what} within {milliseconds} ms");

    public static InvalidOperationException NotOpen(string port) => new($"serial port {port} is not open");
}
