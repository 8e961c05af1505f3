using HilRig.Kboot;
using NUnit.Framework;

namespace HilRig.Tests;

public class Smoke
{
    [Test]
    public void The_check_value_of_CRC_16_XMODEM_is_31C3() => Assert.That(Crc16.Append(0, "123456789"u8), Is.EqualTo(0x31C3));
}
