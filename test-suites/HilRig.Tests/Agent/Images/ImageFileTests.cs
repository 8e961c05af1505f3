using System.Buffers.Binary;
using HilRig.Agent.Images;
using HilRig.Model;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Images;

public class ImageFileTests
{
    private string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("hilrig-images-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void A_raw_binary_goes_to_the_address_given()
    {
        var image = Load("app.bin", [1, 2, 3], 0x1000_A000);
        Assert.That((image.Start, image.End), Is.EqualTo((0x1000_A000u, 0x1000_A003UL)));
        Assert.That(Bytes(image), Is.EqualTo("010203"));
    }

    /// <summary>The example of the format's Wikipedia article, moved to KV58's flash by an 04 record.</summary>
    [Test]
    public void Intel_HEX_keeps_its_addresses_and_joins_what_touches()
    {
        var image = Load("app.hex", """
            :020000041000EA
            :10010000214601360121470136007EFE09D2190140
            :10012000194E79234623965778239EDA3F01B2CAA7
            :100110002146017E17C20001FF5F16002148011928
            :100130003F0156702B5E712B722B732146013421C7
            :00000001FF
            """);
        Assert.That(image.Segments, Has.Count.EqualTo(1));
        Assert.That((image.Start, image.ByteCount), Is.EqualTo((0x1000_0100u, 64L)));
        Assert.That(Bytes(image), Does.StartWith("214601360121470136007EFE09D219012146017E17C2").And.EndsWith("732146013421"));
    }

    /// <summary>The example of the format's Wikipedia article.</summary>
    [Test]
    public void S_records_keep_their_addresses()
    {
        var image = Load("app.s19", """
            S00F000068656C6C6F202020202000003C
            S11F00007C0802A6900100049421FFF07C6C1B787C8C23783C6000003863000026
            S11F001C4BFFFFE5398000007D83637880010014382100107C0803A64E800020E9
            S111003848656C6C6F20776F726C642E0A0042
            S5030003F9
            S9030000FC
            """);
        Assert.That((image.Segments.Count, image.Start, image.ByteCount), Is.EqualTo((1, 0u, 70L)));
        Assert.That(Bytes(image), Does.Contain(Convert.ToHexString("Hello world.\n\0"u8)));
    }

    [Test]
    public void ELF_gives_its_loadable_segments_at_their_physical_addresses()
    {
        var image = Load("app.elf", Elf(machine: 40));
        Assert.That(image.Segments.Select(segment => segment.Address), Is.EqualTo(new[] { 0x1000_A000u, 0x1000_B000u }));
        Assert.That(image.Segments.Select(segment => Convert.ToHexString(segment.Bytes.Span)), Is.EqualTo(new[] { "AABBCCDD", "1122" }));
    }

    [TestCase("app.hex", ":0100000000FE", "app.hex:1:1: the record's checksum does not match")]
    [TestCase("app.hex", ":01000000AA55", "app.hex:1:1: the file ends without an end record")]
    [TestCase("app.hex", ":02000000AA54", "app.hex:1:1: the record says 2 data bytes and holds 1")]
    [TestCase("app.hex", ":01000007AA4E", "app.hex:1:8: record type 07")]
    [TestCase("app.hex", "hello", "app.hex:1:1: expected a record that starts with ':'")]
    [TestCase("app.hex", ":01zz", "app.hex:1:2: expected pairs of hex digits")]
    [TestCase("app.hex", ":01000000AA55\n:01000000BB44\n:00000001FF", "two records claim the bytes at 0x00000000")]
    [TestCase("app.srec", "S1040000AA52", "app.srec:1:1: the record's checksum does not match")]
    [TestCase("app.srec", "S1050000AA51", "app.srec:1:3: the record says 5 bytes and holds 4")]
    [TestCase("app.srec", ":00000001FF", "app.srec:1:1: is no S-record")]
    [TestCase("app.elf", "MZ", "is named as an ELF file and does not begin like one")]
    [TestCase("app.bin", "", "the image is empty")]
    public void A_damaged_file_is_refused_by_line_and_column(string name, string text, string message) =>
        Assert.That(Assert.Throws<BadInputException>(() => Load(name, text))!.Message, Does.Contain(message));

    [Test]
    public void ELF_for_another_machine_is_refused() =>
        Assert.That(Assert.Throws<BadInputException>(() => Load("app.elf", Elf(machine: 62)))!.Message, Does.Contain("another machine").And.Contain("62"));

    [Test]
    public void A_cut_off_ELF_is_refused() =>
        Assert.That(Assert.Throws<BadInputException>(() => Load("app.elf", Elf(machine: 40)[..118]))!.Message, Does.Contain("is it cut off?"));

    [Test]
    public void An_SB_file_is_pointed_to_its_own_command()
    {
        var file = new byte[96];
        "STMP"u8.CopyTo(file.AsSpan(20));
        Assert.That(Assert.Throws<BadInputException>(() => Load("app.sb", file))!.Message, Does.Contain("receive-sb-file"));
    }

    [Test]
    public void A_missing_file_is_named() =>
        Assert.That(Assert.Throws<BadInputException>(() => ImageFile.Load("/nowhere/app.bin", 0))!.Message, Does.StartWith("/nowhere/app.bin: no such image"));

    private static string Bytes(Image image) => string.Concat(image.Segments.Select(segment => Convert.ToHexString(segment.Bytes.Span)));

    private Image Load(string name, string text) => Load(name, System.Text.Encoding.ASCII.GetBytes(text));

    private Image Load(string name, byte[] bytes, uint address = 0)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllBytes(path, bytes);
        return ImageFile.Load(path, address);
    }

    /// <summary>Header, three program headers (two loadable, one note), six bytes of content.</summary>
    private static byte[] Elf(ushort machine)
    {
        var file = new byte[52 + (3 * 32) + 6];
        byte[] ident = [0x7F, (byte)'E', (byte)'L', (byte)'F', 1, 1, 1];
        ident.CopyTo(file, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(18), machine);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(28), 52);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(42), 32);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(44), 3);
        ProgramHeader(file.AsSpan(52), type: 1, offset: 148, virtualAddress: 0x1000_A000, physicalAddress: 0x1000_A000, length: 4);
        ProgramHeader(file.AsSpan(84), type: 4, offset: 148, virtualAddress: 0, physicalAddress: 0x2000_0000, length: 4);
        ProgramHeader(file.AsSpan(116), type: 1, offset: 152, virtualAddress: 0x2000_0000, physicalAddress: 0x1000_B000, length: 2);
        new byte[] { 0xAA, 0xBB, 0xCC, 0xDD, 0x11, 0x22 }.CopyTo(file, 148);
        return file;
    }

    private static void ProgramHeader(Span<byte> header, uint type, uint offset, uint virtualAddress, uint physicalAddress, uint length)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header, type);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], offset);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], virtualAddress);
        BinaryPrimitives.WriteUInt32LittleEndian(header[12..], physicalAddress);
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], length);
    }
}
