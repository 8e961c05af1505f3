using HilRig.Model;

namespace HilRig.Agent.Images;

/// <summary>
/// Intel HEX (Intel 88-10-05, rev A, 1988): <code>:LL AAAA TT data… CC</code>
/// TT 00 data, 01 end, 02 segment base, 03 start segment, 04 linear base, 05 start address; all bytes of a line add up to 0.
/// </summary>
internal static class IntelHex
{
    public static Image Parse(string file, IEnumerable<string> lines)
    {
        var segments = new SegmentBuilder(file);
        var start = 0u;
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var record = HexRecord.Decode(file, number, line, prefix: ":");
            if (record.Length < 5 || record.Length != record[0] + 5)
                throw BadInputException.At(file, number, 1, $"the record says {(record.Length > 0 ? record[0] : 0)} data bytes and holds {Math.Max(0, record.Length - 5)}; is the file cut off?");
            if ((byte)record.Sum(value => value) != 0)
                throw BadInputException.At(file, number, 1, "the record's checksum does not match; is the file damaged?");

            var offset = (uint)((record[1] << 8) | record[2]);
            var data = record.AsSpan(4, record[0]);
            switch (record[3])
            {
                case 0:
                    segments.Add(start + offset, data);
                    break;
                case 1:
                    return segments.Build();
                case 2 when data.Length == 2:
                    start = (uint)((data[0] << 8) | data[1]) << 4;
                    break;
                case 4 when data.Length == 2:
                    start = (uint)((data[0] << 8) | data[1]) << 16;
                    break;
                case 3 or 5:
                    break;
                default:
                    throw BadInputException.At(file, number, 8, $"record type {record[3]:X2} with {data.Length} bytes is not Intel HEX; expected 00 to 05");
            }
        }
        throw BadInputException.At(file, number, 1, "the file ends without an end record (:00000001FF); is it cut off?");
    }
}
