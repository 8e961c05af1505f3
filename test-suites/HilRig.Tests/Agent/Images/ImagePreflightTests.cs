using System.Buffers.Binary;
using HilRig.Agent.Images;
using HilRig.Tests.Agent.Places;
using NUnit.Framework;

namespace HilRig.Tests.Agent.Images;

public class ImagePreflightTests
{
    private const uint Application = 0x1000_A000;

    [Test]
    public void A_plausible_application_has_no_findings() =>
        Assert.That(ImagePreflight.Check(ApplicationAt(Application), SamplePlace.WithPower.Board.Map), Is.Empty);

    [TestCase(0x1000_4000u, PreflightSeverity.Refusal, "0x10004000-0x100047FF overlaps the bootloader at 0x10000000-0x10005FFF")]
    [TestCase(0x1000_0000u, PreflightSeverity.Refusal, "touches the flash configuration field 0x10000400-0x1000040F")]
    [TestCase(0x100F_FC00u, PreflightSeverity.Refusal, "0x100FFC00-0x101003FF is not inside flash 0x10000000-0x100FFFFF")]
    [TestCase(0x0800_0000u, PreflightSeverity.Refusal, "0x08000000-0x080007FF is not inside flash")]
    [TestCase(0x1000_A010u, PreflightSeverity.Refusal, "0x1000A010 is no multiple of 32")]
    [TestCase(0x1000_F000u, PreflightSeverity.Warning, "holds no vector table at 0x1000A000")]
    public void A_wrong_place_is_named_with_its_address(uint address, PreflightSeverity severity, string message) =>
        Assert.That(
            ImagePreflight.Check(ApplicationAt(address), SamplePlace.WithPower.Board.Map),
            Has.Some.Matches<PreflightFinding>(finding => finding!.Severity == severity && finding.Message.Contains(message, StringComparison.Ordinal)));

    [TestCase(0x3000_0000u, Application + 0x101, "initial stack pointer 0x30000000 at 0x1000A000 lies in no RAM")]
    [TestCase(0x464C_457Fu, Application + 0x101, "initial stack pointer 0x464C457F")]
    [TestCase(0x2002_0000u, Application + 0x100, "reset handler 0x1000A100 at 0x1000A004 is not a Thumb address")]
    [TestCase(0x2002_0000u, 0x0000_0411u, "reset handler 0x00000411 lies outside the image; was it linked for 0x1000A000?")]
    public void An_implausible_vector_table_is_a_warning(uint stack, uint reset, string message)
    {
        var finding = ImagePreflight.Check(ApplicationAt(Application, stack, reset), SamplePlace.WithPower.Board.Map).Single();
        Assert.That(finding.Severity, Is.EqualTo(PreflightSeverity.Warning));
        Assert.That(finding.Message, Does.Contain(message));
    }

    [TestCase("kcfg", 0xFE, true)]
    [TestCase("kcfg", 0x01, false)]
    [TestCase("kcfh", 0x00, false)]
    public void A_boot_configuration_that_shuts_the_rig_out_is_a_warning(string tag, byte peripherals, bool isWarned)
    {
        var image = ApplicationAt(Application);
        var bytes = image.Segments[0].Bytes.ToArray();
        System.Text.Encoding.ASCII.GetBytes(tag, bytes.AsSpan(0x3C0));
        bytes[0x3D0] = peripherals;

        var findings = ImagePreflight.Check(image with { Segments = [new ImageSegment(Application, bytes)] }, SamplePlace.WithPower.Board.Map);

        Assert.That(findings.Select(finding => finding.Message), isWarned ? Has.One.Contains("leaves the UART out") : Is.Empty);
    }

    private static Image ApplicationAt(uint address, uint stack = 0x2002_0000, uint? reset = null)
    {
        var bytes = new byte[2048];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, stack);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), reset ?? address + 0x101);
        return new Image("app.bin", [new ImageSegment(address, bytes)]);
    }
}
