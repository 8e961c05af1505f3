using HilRig.Model;

namespace HilRig.Agent.Images;

/// <summary>
/// Motorola S-records: <code>S T LL address data… CC</code>
/// T 0 header, 1/2/3 data with 2/3/4 address bytes, 5/6 counts, 7/8/9 end; LL counts address, data and checksum, which
/// makes their sum FF.
/// </summary>
internal static class MotorolaSRecord
{
    public static Image Parse(string file, IEnumerable<string> lines)
    {
        var segments = new SegmentBuilder(file);
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            if (line.Length < 4 || line[0] != 'S' || !char.IsAsciiDigit(line[1]))
                throw BadInputException.At(file, number, 1, "is no S-record; expected S0 to S9");
            var record = HexRecord.Decode(file, number, line, prefix: line[..2]);
            if (record.Length < 3 || record.Length != record[0] + 1)
                throw BadInputException.At(file, number, 3, $"the record says {(record.Length > 0 ? record[0] : 0)} bytes and holds {Math.Max(0, record.Length - 1)}; is the file cut off?");
            if ((byte)record.Sum(value => value) != 0xFF)
                throw BadInputException.At(file, number, 1, "the record's checksum does not match; is the file damaged?");
            if (line[1] is '7' or '8' or '9')
                return segments.Build();
            if (line[1] is '1' or '2' or '3')
                AddData(segments, record, addressBytes: line[1] - '0' + 1);
        }
        throw BadInputException.At(file, number, 1, "the file ends without an end record (S7, S8 or S9); is it cut off?");
    }

    private static void AddData(SegmentBuilder segments, byte[] record, int addressBytes)
    {
        var address = 0u;
        foreach (var value in record.AsSpan(1, addressBytes))
            address = (address << 8) | value;
        segments.Add(address, record.AsSpan(1 + addressBytes, record.Length - addressBytes - 2));
    }
}
