using HilRig.Kboot;
using NUnit.Framework;

namespace HilRig.Tests.Kboot;

/// <summary>Values computed by spsdk and by a second, independent implementation (KBOOT's manual defines the CRC).</summary>
public class Crc16Tests
{
    [TestCase("313233343536373839", 0x31C3)]
    [TestCase("5AA7000201500000", 0xEAAA)]
    [TestCase("5AA7000101500000", 0x0478)]
    [TestCase("5AA40C00070000020100000000000000", 0x334B)]
    [TestCase("5AA404000B000000", 0x466F)]
    [TestCase("5AA40C000200000200A0001000200000", 0x3DAA)]
    [TestCase("5AA40C00A00000020000000004000000", 0x7223)]
    [TestCase("5AA40C00A0000002DB27000004000000", 0xE5DB)]
    [TestCase("5AA50000", 0x4BFC)]
    [TestCase("5AA520000000000000000000000000000000000000000000000000000000000000000000", 0xBB5D)]
    [TestCase("5AA52000000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", 0x69A2)]
    public void Outside_vectors_match(string covered, int expected) =>
        Assert.That(Crc16.Append(0, Convert.FromHexString(covered)), Is.EqualTo(expected));

    [Test]
    public void Any_length_and_any_split_agree_with_the_definition_bit_by_bit()
    {
        var random = new Random(20160401);
        for (var length = 0; length <= 80; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            var expected = ByDefinition(bytes);
            Assert.That(Crc16.Append(0, bytes), Is.EqualTo(expected), $"{length} bytes");
            for (var split = 0; split <= length; split++)
                Assert.That(Crc16.Append(Crc16.Append(0, bytes.AsSpan(..split)), bytes.AsSpan(split..)), Is.EqualTo(expected), $"{length} bytes, split at {split}");
        }
    }

    private static ushort ByDefinition(ReadOnlySpan<byte> bytes)
    {
        var crc = 0;
        foreach (var value in bytes)
        {
            crc ^= value << 8;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
        }
        return (ushort)crc;
    }
}
